//! Public types can be sent between threads, shared, and cloned where that means something.

use bytes::Bytes;
use http_body_util::Full;
use tower_client_auth as auth;
use tower_client_cache as cache;
use tower_client_call as call;
use tower_client_error as error;
use tower_client_metrics as metrics;
use tower_client_retry as retry;

use metrics::Registry;

use crate::layers::{Body, HyperClient, Stack};

type Whole = Full<Bytes>;

const fn cloned<T: Clone + Send + Sync + 'static>() {}
const fn shared<T: Send + Sync + 'static>() {}
const fn sent<T: Send + 'static>() {}

// Checked by the compiler: that this builds is the test.
const _: () = {
    cloned::<call::Attempt>();
    cloned::<call::CacheOutcome>();
    cloned::<call::CallRecord>();
    cloned::<call::CallSnapshot>();
    cloned::<call::Captured>();
    cloned::<call::Deadline>();
    cloned::<call::Delivery>();
    cloned::<call::Ending>();
    cloned::<call::Failure>();
    cloned::<call::Idempotency>();
    cloned::<call::InvalidSetting>();
    cloned::<call::NotRepeatable>();
    cloned::<call::Operation>();
    cloned::<call::Principal>();
    cloned::<call::ResponseError>();
    cloned::<call::StopReason>();

    cloned::<auth::Auth<HyperClient>>();
    cloned::<auth::Auth<Stack>>();
    cloned::<auth::AuthError>();
    cloned::<auth::AuthErrorKind>();
    cloned::<auth::AuthLayer>();
    cloned::<auth::Bearer>();
    cloned::<auth::Credential>();
    cloned::<auth::CredentialKey>();
    cloned::<auth::FileStore>();
    cloned::<auth::InHeader>();
    cloned::<auth::Issuer>();
    cloned::<auth::Origins>();
    cloned::<auth::PersistError>();
    cloned::<auth::Provider>();
    cloned::<auth::RefreshToken>();
    cloned::<auth::StaticToken>();
    cloned::<auth::TokenError>();
    cloned::<auth::Unauthorized>();
    cloned::<auth::Verdict>();
    cloned::<auth::oauth::OAuthClient>();
    cloned::<auth::oauth::ClientCredentialsGrant<HyperClient>>();
    cloned::<auth::oauth::RefreshTokenGrant<HyperClient>>();

    cloned::<cache::Abandoned>();
    cloned::<cache::Cache<HyperClient>>();
    cloned::<cache::Cache<Stack>>();
    cloned::<cache::CacheError>();
    cloned::<cache::CacheHandle>();
    cloned::<cache::CacheLayer>();
    cloned::<cache::CacheStats>();
    cloned::<cache::CacheStatus>();
    cloned::<cache::Content>();
    cloned::<cache::EntryInfo>();
    cloned::<cache::Fields>();
    cloned::<cache::Glob>();
    cloned::<cache::Head>();
    cloned::<cache::Key>();
    cloned::<cache::Listed>();
    cloned::<cache::MemoryStore>();
    cloned::<cache::Owner>();
    cloned::<cache::Rule>();
    cloned::<cache::RuleTable>();
    cloned::<cache::Selection>();
    cloned::<cache::Variants>();

    cloned::<error::Call>();
    cloned::<error::ErrorLayer>();
    cloned::<error::HttpApi>();
    cloned::<error::Inspect>();
    cloned::<error::Kind>();
    cloned::<error::MapErrors<HyperClient>>();
    cloned::<error::MapErrors<Stack>>();
    cloned::<error::Problem>();

    cloned::<metrics::AttemptRecorder<Registry>>();
    cloned::<metrics::BodyEnding>();
    cloned::<metrics::CallRecorder<Registry>>();
    cloned::<metrics::Format>();
    cloned::<metrics::InvalidPrefix>();
    cloned::<metrics::Metric>();
    cloned::<metrics::Metrics<HyperClient, metrics::CallRecorder<Registry>, metrics::Typed>>();
    cloned::<metrics::Metrics<Stack, metrics::AttemptRecorder<Registry>, metrics::Boxed>>();
    cloned::<metrics::MetricsLayer<metrics::CallRecorder<Registry>, metrics::Boxed>>();
    cloned::<Registry>();
    cloned::<metrics::Snapshot>();

    cloned::<retry::Backoff>();
    cloned::<retry::Costs>();
    cloned::<retry::Decision>();
    cloned::<retry::Jitter>();
    cloned::<retry::Retry<HyperClient>>();
    cloned::<retry::Retry<Stack>>();
    cloned::<retry::RetryKind>();
    cloned::<retry::RetryLayer>();
    cloned::<retry::RetryLayerBuilder>();
    cloned::<retry::StandardPolicy>();
};

// Each is one call's own: there is nothing to clone.
const _: () = {
    shared::<call::Capture<Whole>>();
    shared::<call::DeliveryError>();
    shared::<call::Partial<Whole>>();
    shared::<call::PeekedBody<Whole>>();
    shared::<call::Replay<Whole>>();
    shared::<call::ReplayBody<Whole>>();
    shared::<call::RequestHead>();

    shared::<cache::CacheBody<Whole>>();
    shared::<cache::CacheLayerBuilder>();
    shared::<cache::Entry>();
    shared::<cache::StoreError>();
    shared::<auth::AuthLayerBuilder>();
    shared::<auth::oauth::OAuthError>();
    shared::<error::ApiError>();
    shared::<metrics::MeteredBody<Whole, metrics::CallBodyMeter<Registry>>>();
    shared::<metrics::MeteredBody<Whole, metrics::AttemptBodyMeter<Registry>>>();
    shared::<retry::RetryError>();
    shared::<retry::TokenBucket>();
    shared::<error::ResponseFuture<std::future::Ready<()>, Whole, error::HttpApi>>();
};

// Around a body that can be sent and not shared, so can they.
const _: () = {
    sent::<cache::CacheBody<Body>>();
    sent::<cache::ResponseFuture<std::future::Ready<()>, Body>>();
    sent::<call::Capture<Body>>();
    sent::<call::Partial<Body>>();
    sent::<call::PeekedBody<Body>>();
    sent::<call::ReplayBody<Body>>();
    shared::<call::Replay<Body>>();

    sent::<auth::ResponseFuture<HyperClient, Whole, Body>>();
    sent::<error::ResponseFuture<std::future::Ready<()>, Body, error::HttpApi>>();
    sent::<metrics::MeteredBody<Body, metrics::AttemptBodyMeter<Registry>>>();
    sent::<
        metrics::ResponseFuture<
            std::future::Ready<()>,
            metrics::CallMeter<Registry>,
            metrics::Boxed,
        >,
    >();
    sent::<retry::ResponseFuture<HyperClient, retry::StandardPolicy, Whole, Body>>();
};
