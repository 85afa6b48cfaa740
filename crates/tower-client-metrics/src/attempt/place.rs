//! Where requests go, in the words of labels.

use crate::Label;
use crate::bounded::OTHER;

/// Where requests go, in the words of labels.
pub(super) struct Place {
    pub(super) method: Box<str>,
    pub(super) server: Server,
    pub(super) template: Option<&'static str>,
}

/// `server.address`, a host in lower case and an IPv6 address without its brackets, and
/// `server.port`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Server {
    pub(super) address: Box<str>,
    pub(super) port: Option<u16>,
}

impl Place {
    /// Everything beyond the bounds.
    pub(super) fn any() -> Self {
        Self {
            method: OTHER.into(),
            server: Server::other(),
            template: Some(OTHER),
        }
    }

    pub(super) fn labels(&self) -> Vec<Label<'_>> {
        let port = self.server.port;
        let mut labels = vec![
            Label::new("http.request.method", &*self.method),
            Label::new("server.address", &*self.server.address),
            port.map_or(Label::new("server.port", OTHER), |port| {
                Label::new("server.port", port)
            }),
        ];
        let template = self.template;
        labels.extend(template.map(|template| Label::new("url.template", template)));
        labels
    }
}

impl Server {
    /// What has no origin to be seen, and what is beyond the bounds.
    pub(super) fn other() -> Self {
        Self {
            address: OTHER.into(),
            port: None,
        }
    }
}
