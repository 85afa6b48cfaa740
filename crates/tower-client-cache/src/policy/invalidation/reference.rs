//! References resolved against the target of a request (RFC 3986 section 5).

use http::Uri;

use super::key::normal_escapes;

/// Returns what a reference refers to, without its fragment; `None` if that has no authority or is
/// no URI.
pub(super) fn resolve(base: &Uri, reference: &str) -> Option<Uri> {
    let reference = reference.split('#').next().unwrap_or_default();
    if has_scheme(reference) {
        return absolute(reference);
    }
    if reference.starts_with("//") {
        return absolute(&format!("{}:{reference}", base.scheme_str()?));
    }
    let (path, query) = match reference.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (reference, None),
    };
    if path.is_empty() {
        return on(base, base.path(), query.or(base.query()));
    }
    if path.starts_with('/') {
        return on(base, &without_dots(path), query);
    }
    let (folder, _) = base.path().rsplit_once('/')?;
    on(base, &without_dots(&format!("{folder}/{path}")), query)
}

/// A colon makes a scheme of what is before it, unless that is part of a path or a query.
fn has_scheme(reference: &str) -> bool {
    let colon = reference.find(':');
    colon.is_some() && colon == reference.find([':', '/', '?'])
}

fn absolute(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    on(&uri, &without_dots(uri.path()), uri.query())
}

/// Puts a path and a query in the place of those that `base` has.
fn on(base: &Uri, path: &str, query: Option<&str>) -> Option<Uri> {
    let mark = if query.is_some() { "?" } else { "" };
    Uri::builder()
        .scheme(base.scheme()?.clone())
        .authority(base.authority()?.clone())
        .path_and_query(format!("{path}{mark}{}", query.unwrap_or_default()))
        .build()
        .ok()
}

/// Removes the segments `.` and `..` of an absolute path, escaped or not (section 5.2.4).
fn without_dots(path: &str) -> String {
    let path = normal_escapes(path);
    let mut kept = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
        if segments.peek().is_none() && matches!(segment, "." | "..") {
            // The folder that is left ends with a slash.
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 3986 section 5.4; fragments are dropped, and what has no authority is nothing.
    #[test]
    fn the_examples_of_the_rfc_resolve_as_it_says() {
        let base: Uri = "http://a/b/c/d;p?q".parse().unwrap();
        let cases = [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g/"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q"),
            ("g#s", "http://a/b/c/g"),
            ("g?y#s", "http://a/b/c/g?y"),
            (";x", "http://a/b/c/;x"),
            ("g;x", "http://a/b/c/g;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../", "http://a/"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("../../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            (".g", "http://a/b/c/.g"),
            ("g..", "http://a/b/c/g.."),
            ("..g", "http://a/b/c/..g"),
            ("./../g", "http://a/b/g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/./h", "http://a/b/c/g/h"),
            ("g/../h", "http://a/b/c/h"),
            ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
            ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/./x", "http://a/b/c/g?y/./x"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("g#s/../x", "http://a/b/c/g"),
            ("http://h/i/../j?k/../l", "http://h/j?k/../l"),
            ("g?y:z", "http://a/b/c/g?y:z"),
            ("./g:h", "http://a/b/c/g:h"),
            ("//h:8080/i/..", "http://h:8080/"),
        ];
        for (reference, expected) in cases {
            let resolved = resolve(&base, reference).map(|uri| uri.to_string());

            assert_eq!(resolved.as_deref(), Some(expected), "{reference}");
        }
        for reference in ["g:h", "http:g", "http:", ":", "///g", "http://", "//a b"] {
            assert_eq!(resolve(&base, reference), None, "{reference}");
        }
    }

    #[test]
    fn without_an_origin_nothing_is_resolved() {
        for base in ["/a", "*", "example.com:443"] {
            let base: Uri = base.parse().unwrap();

            assert_eq!(resolve(&base, "/g"), None, "{base}");
            assert_eq!(resolve(&base, "g"), None, "{base}");
            assert_eq!(resolve(&base, "//a/g"), None, "{base}");
        }
    }
}
