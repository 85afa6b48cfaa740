//! Places: hosts, files, sockets.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::{Kind, keywords};
use crate::BaseUrl;

const MAX_URI: usize = 2048;
const MAX_PATH: usize = 4096;

/// A host that is trusted with credentials.
pub(in super::super) struct Url;

impl Kind for Url {
    type Value = BaseUrl;

    fn parse(&self, text: &str) -> Result<BaseUrl, String> {
        let url: Result<BaseUrl, _> = text.parse();
        url.map_err(|error| error.to_string())
    }

    fn json(&self, value: &BaseUrl) -> Value {
        json!(value.to_string())
    }

    fn allowed(&self) -> String {
        "https://host[:port][/prefix], or http:// to this machine".to_owned()
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([("type", json!("string")), ("pattern", json!("^https?://"))])
    }
}

/// Where an authorization's answer points to: any scheme, for it is never requested.
pub(in super::super) struct RedirectUri;

impl Kind for RedirectUri {
    type Value = String;

    fn parse(&self, text: &str) -> Result<String, String> {
        let is_visible = text.bytes().all(|b| b.is_ascii_graphic());
        let names_nobody = |url: url::Url| url.username().is_empty() && url.password().is_none();
        let is_uri = url::Url::parse(text).is_ok_and(names_nobody);
        let good = text.len() <= MAX_URI && is_visible && is_uri;
        good.then(|| text.to_owned()).ok_or_else(|| self.allowed())
    }

    fn json(&self, value: &String) -> Value {
        json!(value)
    }

    fn allowed(&self) -> String {
        format!("an absolute URI of at most {MAX_URI} bytes, without user name and password")
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([
            ("type", json!("string")),
            ("maxLength", json!(MAX_URI)),
            ("pattern", json!("^[A-Za-z][A-Za-z0-9+.-]*:")),
        ])
    }
}

/// A path of the user.
pub(in super::super) enum UserPath {
    File,
    Folder,
}

impl UserPath {
    /// Tells whether the text can name a file: not what can be a folder only.
    fn names_file(text: &str) -> bool {
        let last = text.rsplit(std::path::is_separator).next();
        !matches!(last, None | Some("" | "." | ".."))
    }
}

impl Kind for UserPath {
    type Value = PathBuf;

    fn parse(&self, text: &str) -> Result<PathBuf, String> {
        let has_control = text.chars().any(char::is_control);
        let is_shorthand = text == "~" || text.starts_with("~/");
        let fits = match self {
            Self::File => Self::names_file(text),
            Self::Folder => !text.is_empty(),
        };
        let good = fits && text.len() <= MAX_PATH && !has_control && !is_shorthand;
        good.then(|| text.into()).ok_or_else(|| self.allowed())
    }

    fn json(&self, value: &PathBuf) -> Value {
        json!(value.to_string_lossy())
    }

    fn allowed(&self) -> String {
        let what = match self {
            Self::File => "the path of a file",
            Self::Folder => "the path of a folder",
        };
        format!("{what}; ~ is not understood")
    }

    fn schema(&self) -> Map<String, Value> {
        // Neither begins with a shorthand, and a file's name is neither empty nor dots.
        let pattern = match self {
            Self::File => r"^(([^~].*)?/|~[^/].*/)?([^/]*[^/.][^/]*|\.{3,})$",
            Self::Folder => "^(~[^/]|[^~])",
        };
        keywords([
            ("type", json!("string")),
            ("maxLength", json!(MAX_PATH)),
            ("pattern", json!(pattern)),
        ])
    }
}

/// Where somebody listens.
pub(in super::super) struct Address;

impl Kind for Address {
    type Value = SocketAddr;

    fn parse(&self, text: &str) -> Result<SocketAddr, String> {
        text.parse().map_err(|_| self.allowed())
    }

    fn json(&self, value: &SocketAddr) -> Value {
        json!(value.to_string())
    }

    fn allowed(&self) -> String {
        "address:port, such as 127.0.0.1:9464".to_owned()
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([
            ("type", json!("string")),
            ("pattern", json!(":[0-9]{1,5}$")),
        ])
    }
}
