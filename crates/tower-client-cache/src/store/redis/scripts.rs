//! What the server does at once: each script is one step that nothing comes between.

use std::sync::LazyLock;

use redis::Cmd;

/// A script, and what the server knows it by.
#[derive(Debug)]
pub(super) struct Script {
    code: &'static str,
    hash: String,
}

macro_rules! scripts {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {$(
        $(#[$doc])*
        pub(super) static $name: LazyLock<Script> = LazyLock::new(|| Script::new(concat!(
            include_str!("scripts/common.lua"),
            include_str!($file),
        )));
    )*};
}

scripts! {
    /// Keeps an entry.
    PUT = "scripts/put.lua";
    /// Replaces a head.
    UPDATE = "scripts/update.lua";
    /// Forgets a variant or a key.
    DELETE = "scripts/delete.lua";
    /// Visits a page of an index.
    PAGE = "scripts/page.lua";
    /// Forgets what was listed.
    REMOVE = "scripts/remove.lua";
    /// Grants a lease.
    LEASE = "scripts/lease.lua";
    /// Gives a lease back.
    RELEASE = "scripts/release.lua";
}

impl Script {
    fn new(code: &'static str) -> Self {
        let hash = redis::Script::new(code).get_hash().to_owned();
        Self { code, hash }
    }

    /// Returns the command that runs it, to which arguments are added.
    pub(super) fn call(&self, keys: &[&str]) -> Cmd {
        let mut call = redis::cmd("EVALSHA");
        call.arg(&self.hash).arg(keys.len()).arg(keys);
        call
    }

    /// Returns the command that makes it known to a server that has none, as after a restart.
    pub(super) fn load(&self) -> Cmd {
        let mut load = redis::cmd("SCRIPT");
        load.arg("LOAD").arg(self.code);
        load
    }
}
