//! What comes in pages.

use http::Uri;
use tower_client::call::CacheOutcome;

use super::{Answer, Error, Forge, REPOS, Repo};

/// More than anybody reads; a server whose pages do not end must not hold us for ever.
const MOST_PAGES: u32 = 1000;

/// The repositories of an owner, page by page.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    forge: Forge,
    next: Option<Uri>,
    read: u32,
    validated: bool,
}

/// One page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) repos: Vec<Repo>,
    /// What the cache did.
    pub(crate) cache: CacheOutcome,
}

impl Pages {
    pub(super) fn new(forge: Forge, first: Uri) -> Self {
        Self {
            forge,
            next: Some(first),
            read: 0,
            validated: false,
        }
    }

    /// Has the API asked whether each page is still good, even if the cache takes it for fresh.
    pub(crate) fn validated(mut self) -> Self {
        self.validated = true;
        self
    }

    /// Returns the next page, if there is one. After an error there is none.
    pub(crate) async fn next(&mut self) -> Result<Option<Page>, Error> {
        let Some(uri) = self.next.take() else {
            return Ok(None);
        };
        if self.read >= MOST_PAGES {
            return Err(Error::Endless);
        }
        if !self.forge.is_ours(&uri) {
            return Err(Error::Elsewhere);
        }
        let answer = self.forge.get(REPOS, uri, self.validated).await?;
        let Answer { value, cache, next } = answer;
        self.next = next;
        self.read += 1;
        Ok(Some(Page {
            repos: value,
            cache,
        }))
    }
}

#[cfg(test)]
mod tests {
    use tower_client::metrics::Registry;

    use super::*;
    use crate::forge::App;

    #[tokio::test]
    async fn a_page_elsewhere_is_not_asked_for() {
        for uri in [
            "http://127.0.0.2:1/users/octo/repos",
            "https://127.0.0.1:1/users/octo/repos",
            "http://127.0.0.1:2/users/octo/repos",
            "http://127.0.0.1:1@evil.example/users/octo/repos",
            "/users/octo/repos",
        ] {
            let mut pages = Pages::new(forge(), uri.parse().unwrap());

            let refused = pages.next().await;

            assert!(
                matches!(refused, Err(Error::Elsewhere)),
                "{uri}: {refused:?}"
            );
            assert!(pages.next().await.unwrap().is_none());
        }
    }

    #[tokio::test]
    async fn pages_that_do_not_end_are_left() {
        let first = Uri::from_static("http://127.0.0.1:1/users/octo/repos");
        let mut pages = Pages::new(forge(), first);
        pages.read = MOST_PAGES;

        let refused = pages.next().await;

        assert!(matches!(refused, Err(Error::Endless)), "{refused:?}");
    }

    fn forge() -> Forge {
        let app = App {
            id: "app",
            secret: "s3cret",
        };
        Forge::new("http://127.0.0.1:1", app, &Registry::new()).unwrap()
    }
}
