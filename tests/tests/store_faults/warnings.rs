//! What is told of stores that fail.

use std::io;
use std::sync::{Arc, Mutex};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// Keeps what this thread tells from now on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Warnings(Arc<Mutex<Vec<u8>>>);

/// How often something was told of one kind of access.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    /// That a store is left alone.
    pub(crate) left: usize,
    /// That it is asked again.
    pub(crate) again: usize,
}

impl Warnings {
    /// Listens on this thread, until what is returned beside it is dropped.
    pub(crate) fn listen() -> (Self, impl Sized) {
        let warnings = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(warnings.clone())
            .with_max_level(LevelFilter::INFO)
            .with_ansi(false)
            .finish();
        (warnings, subscriber.set_default())
    }

    /// Returns what was told until now of this kind of access.
    pub(crate) fn of(&self, access: &str) -> Told {
        let told = self.0.lock().unwrap();
        let told = String::from_utf8_lossy(&told);
        let field = format!("access=\"{access}\"");
        let count = |what: &str| {
            let lines = told.lines();
            lines
                .filter(|line| line.contains(what) && line.contains(&field))
                .count()
        };
        Told {
            left: count("a store is left alone"),
            again: count("a store is asked again"),
        }
    }
}

impl Told {
    /// Returns what was told since an earlier moment.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            left: self.left - earlier.left,
            again: self.again - earlier.again,
        }
    }
}

impl io::Write for Warnings {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Warnings {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
