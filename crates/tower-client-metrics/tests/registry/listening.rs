//! What is told to `tracing`.

use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Returns the warnings of this crate that come while something runs in this thread.
pub(crate) fn warnings(act: impl FnOnce()) -> Vec<String> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&heard);
    listen(act, move |warning| listener.lock().unwrap().push(warning));
    let heard = heard.lock().unwrap();
    heard.clone()
}

/// Hands each warning of this crate on while something runs in this thread.
pub(crate) fn listen(act: impl FnOnce(), hear: impl Fn(String) + Send + Sync + 'static) {
    tracing::subscriber::with_default(Listener(hear), act);
}

struct Listener<H>(H);

impl<H: Fn(String) + Send + Sync + 'static> Subscriber for Listener<H> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("tower_client_metrics")
    }

    fn event(&self, event: &Event<'_>) {
        assert_eq!(*event.metadata().level(), Level::WARN);
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        (self.0)(fields.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}
