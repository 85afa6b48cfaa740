//! Nothing secret is in any event or text.

use std::error::Error;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use tower::{Layer, Service};
use tower_client_auth::{
    Credential, CredentialKey, Origins, Persist, Principal, RefreshToken, StaticToken, TokenSource,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::script::{
    Api, HOUR, Memory, Op, SECOND, Source, answer, busy, get, issuer, named, of, panic, pass,
    ready, refusal, send, settle, storing, token,
};

const SECRETS: [&str; 4] = ["token-", "refresh-", "anna@example.com", "s3cret"];

#[tokio::test(start_paused = true)]
async fn no_event_of_a_run_with_refusals_and_failures_tells_any() {
    let traces = Traces::default();
    let guard = tracing::subscriber::set_default(traces.clone());
    // An event that another test's thread comes by first is taken for one that nobody listens to.
    eventful_run().await;
    tracing::callsite::rebuild_interest_cache();

    let shown = eventful_run().await;

    drop(guard);
    let traces = traces.0.lock().unwrap().clone();
    for event in [
        "obtained a credential",
        "sending the request again",
        "no credential was obtained",
        "could not be stored",
        "a stored credential is good",
        "another process has renewed",
        "fetching once more",
    ] {
        assert!(traces.contains(event), "{event:?} did not happen: {traces}");
    }
    assert_tells_none(&traces);
    assert_tells_none(&shown);
}

#[tokio::test(start_paused = true)]
async fn no_debug_text_of_any_type_tells_any() {
    let (source, memory) = (Source::new(), Memory::default());
    let anna = Principal::new("anna@example.com");
    let builder = || storing(&source, &memory).principal(anna.clone());
    let layer = builder().build();
    let mut client = layer.layer(Quiet(Api::new()));
    let provider = client.provider();
    let credential = provider.authenticate(&anna).await.unwrap();
    let calling = ready(&mut client).await.call(get());
    let key = CredentialKey::new(&issuer(), &anna);
    let origin = Origins::new(["https://anna@example.com:s3cret@api.example"]);

    let shown = [
        shown(&builder()),
        shown(&layer),
        shown(&client),
        shown(&provider),
        shown(&calling),
        shown(&credential),
        shown(&credential.get::<RefreshToken>()),
        shown(&key),
        shown(&StaticToken::new("s3cret")),
        shown(&tower_client_auth::source_fn(|_, _| async {
            Ok(Credential::new("s3cret"))
        })),
        shown(&origin),
    ];

    assert_tells_none(&shown.concat());
    calling.await.unwrap();
}

#[cfg(feature = "follow-redirect")]
#[tokio::test(start_paused = true)]
async fn nor_does_the_redirect_policys() {
    let (source, memory) = (Source::new(), Memory::default());
    let layer = storing(&source, &memory).principal(Principal::new("anna@example.com"));
    let layer = layer.build();
    layer
        .provider()
        .authenticate(&Principal::new("anna@example.com"))
        .await
        .unwrap();

    assert_tells_none(&shown(&layer.redirect_policy()));
}

/// All that can happen; returns what its errors say.
async fn eventful_run() -> String {
    let anna = Principal::new("anna@example.com");
    let source = Source::of([
        busy(),
        panic(),
        token(),
        token(),
        token().after(10 * SECOND),
        token(),
        named("s3cret\r\n"),
        refusal(),
    ]);
    let (api, memory) = (Api::new(), Memory::default());
    let layer = storing(&source, &memory).principal(anna.clone()).build();
    let client = layer.layer(api.clone());
    let provider = layer.provider();
    let mut said = String::new();
    let mut note = |answer: crate::script::Answer| {
        if let Err(error) = answer {
            said.push_str(&texts(&*error));
        }
    };
    for _ in 0..3 {
        note(send(&client, get()).await);
        pass(3 * SECOND).await;
    }
    memory.fail(Op::Save, 3);
    api.add(answer(401));
    note(send(&client, of(&anna)).await);
    pass(HOUR - 100 * SECOND).await;
    note(send(&client, get()).await);
    settle().await;
    api.add(answer(401));
    note(send(&client, get()).await);
    pass(HOUR).await;
    let key = CredentialKey::new(&issuer(), &anna);
    let theirs = source.fetch(&anna, None).await.unwrap();
    memory
        .save(
            &key,
            &Credential::new(crate::script::secret(&theirs).trim()),
        )
        .await
        .unwrap();
    note(send(&client, get()).await);
    note(send(&layer.layer(api.clone()), get()).await);
    let other = storing(&source, &memory).principal(anna.clone()).build();
    note(send(&other.layer(api.clone()), get()).await);
    api.add(answer(401));
    note(send(&client, get()).await);
    memory.fail(Op::Remove, 1);
    note(Err(provider.logout(&anna).await.unwrap_err().into()));
    note(send(&client, of(&anna)).await);
    said
}

fn texts(error: &(dyn Error + 'static)) -> String {
    let mut texts = format!("{error:?}\n");
    for cause in tower_client_call::causes(error) {
        writeln!(texts, "{cause}").unwrap();
    }
    texts
}

fn shown(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}\n")
}

fn assert_tells_none(text: &str) {
    assert!(!text.is_empty());
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret:?} is in {text}");
    }
}

/// An API that a service around it shows as nothing.
#[derive(Clone)]
struct Quiet(Api);

impl Debug for Quiet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Quiet")
    }
}

impl<R> Service<R> for Quiet
where
    Api: Service<R>,
{
    type Response = <Api as Service<R>>::Response;
    type Error = <Api as Service<R>>::Error;
    type Future = <Api as Service<R>>::Future;

    fn poll_ready(
        &mut self,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.0.call(request)
    }
}

/// What was traced on this thread, at every level, as text.
#[derive(Clone, Default)]
struct Traces(Arc<Mutex<String>>);

impl Visit for Traces {
    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let text = format!("{field}={}\n", texts(value));
        self.0.lock().unwrap().push_str(&text);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{field}={value:?}\n");
        self.0.lock().unwrap().push_str(&text);
    }
}

impl Subscriber for Traces {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
