//! Spans and events of one test, as a subscriber hears of them.
//!
//! One subscriber serves the whole process and each thread its own test: with several of them,
//! which spans are wanted is remembered across threads, and a test would miss some now and then.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

thread_local! {
    static LISTENING: RefCell<Option<Listening>> = const { RefCell::new(None) };
}

#[derive(Debug)]
struct Listening {
    wants: fn(&Metadata<'_>) -> bool,
    heard: Vec<Heard>,
}

/// A span or an event.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    id: Option<u64>,
    pub(crate) name: &'static str,
    pub(crate) level: Level,
    /// The names of the spans around it, the innermost first.
    pub(crate) inside: Vec<&'static str>,
    pub(crate) fields: BTreeMap<&'static str, String>,
    pub(crate) closed: bool,
}

/// Listens in this thread, as long as it is there.
#[derive(Debug)]
pub(crate) struct Capture(PhantomData<*const ()>);

impl Capture {
    /// Listens to everything.
    pub(crate) fn of_all() -> Self {
        Self::of(|_| true)
    }

    /// Listens to what this tells of.
    pub(crate) fn of(wants: fn(&Metadata<'_>) -> bool) -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            let subscriber = Registry::default().with(ByThread);
            tracing::subscriber::set_global_default(subscriber).unwrap();
        });
        let heard = Vec::new();
        LISTENING.set(Some(Listening { wants, heard }));
        Self(PhantomData)
    }

    /// Returns what was heard, from the first.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        LISTENING.with_borrow(|it| it.as_ref().unwrap().heard.clone())
    }

    /// Returns the spans of a name, from the first.
    pub(crate) fn spans(&self, name: &str) -> Vec<Heard> {
        let mut heard = self.heard();
        heard.retain(|it| it.name == name && it.id.is_some());
        heard
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        LISTENING.set(None);
    }
}

struct ByThread;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for ByThread {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        LISTENING.with_borrow(|it| it.as_ref().is_some_and(|it| (it.wants)(metadata)))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let scope = context.span_scope(id).into_iter().flatten().skip(1);
        hear(Heard {
            id: Some(id.into_u64()),
            name: attributes.metadata().name(),
            level: *attributes.metadata().level(),
            inside: scope.map(|span| span.name()).collect(),
            fields: fields.0,
            closed: false,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        change(id, |span| span.fields.extend(fields.0));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let scope = context.event_scope(event).into_iter().flatten();
        hear(Heard {
            id: None,
            name: "event",
            level: *event.metadata().level(),
            inside: scope.map(|span| span.name()).collect(),
            fields: fields.0,
            closed: true,
        });
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        change(&id, |span| span.closed = true);
    }
}

fn hear(heard: Heard) {
    LISTENING.with_borrow_mut(|it| it.as_mut().unwrap().heard.push(heard));
}

/// Changes the span that has this id now: ids of those that are closed come again.
fn change(id: &Id, change: impl FnOnce(&mut Heard)) {
    LISTENING.with_borrow_mut(|it| {
        let mut spans = it.iter_mut().flat_map(|it| it.heard.iter_mut().rev());
        if let Some(span) = spans.find(|span| span.id == Some(id.into_u64())) {
            change(span);
        }
    });
}

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
