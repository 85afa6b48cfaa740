//! From a session to the tokens.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, header};
use http_body_util::Full;
use toyota_sim::{Account, Simulator};
use url::{Url, form_urlencoded};

use super::{Answer, Login, REALM, REDIRECT_URI, send};

/// Logs in and returns the session.
pub(crate) async fn open_session(sim: &Simulator) -> String {
    open_session_of(sim, &sim.account()).await
}

async fn open_session_of(sim: &Simulator, account: &Account) -> String {
    let answer = Login::new(sim).finish(account).await;
    answer.json()["tokenId"].as_str().unwrap().to_owned()
}

pub(crate) fn authorize_query() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("client_id", "oneapp"),
        ("scope", "openid profile write"),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT_URI),
        ("code_challenge", "plain"),
        ("code_challenge_method", "plain"),
    ])
}

pub(crate) async fn authorize(
    sim: &Simulator,
    session: Option<&str>,
    query: BTreeMap<&str, &str>,
) -> Answer {
    let url = format!(
        "{}/oauth2/realms/root/realms/{REALM}/authorize?{}",
        sim.login_url(),
        encode(query)
    );
    let mut request = Request::get(url);
    if let Some(session) = session {
        request = request.header(header::COOKIE, format!("iPlanetDirectoryPro={session}"));
    }
    send(request.body(Full::default()).unwrap()).await
}

/// The fields of the query that a redirect leads to.
pub(crate) fn location(answer: &Answer) -> (String, BTreeMap<String, String>) {
    let location = answer.headers[header::LOCATION].to_str().unwrap();
    let url = Url::parse(location).unwrap();
    let fields = url.query_pairs().into_owned().collect();
    (format!("{}:{}", url.scheme(), url.path()), fields)
}

/// Logs in and returns a code.
pub(crate) async fn get_code(sim: &Simulator, query: BTreeMap<&str, &str>) -> String {
    get_code_of(sim, &sim.account(), query).await
}

async fn get_code_of(sim: &Simulator, account: &Account, query: BTreeMap<&str, &str>) -> String {
    let session = open_session_of(sim, account).await;
    let answer = authorize(sim, Some(&session), query).await;
    location(&answer).1["code"].clone()
}

pub(crate) fn code_form(code: &str) -> BTreeMap<&str, &str> {
    BTreeMap::from([
        ("client_id", "oneapp"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("grant_type", "authorization_code"),
        ("code_verifier", "plain"),
    ])
}

pub(crate) fn refresh_form(token: &str) -> BTreeMap<&str, &str> {
    BTreeMap::from([
        ("client_id", "oneapp"),
        ("redirect_uri", REDIRECT_URI),
        ("grant_type", "refresh_token"),
        ("code_verifier", "plain"),
        ("refresh_token", token),
    ])
}

pub(crate) fn credentials(sim: &Simulator) -> String {
    let pair = format!("{}:{}", sim.client_id(), sim.client_secret());
    format!("basic {}", STANDARD.encode(pair))
}

pub(crate) fn token_request(
    sim: &Simulator,
    credentials: &str,
    form: BTreeMap<&str, &str>,
) -> Request<Full<Bytes>> {
    Request::post(format!(
        "{}/oauth2/realms/root/realms/{REALM}/access_token",
        sim.login_url()
    ))
    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    .header(header::AUTHORIZATION, credentials)
    .body(Full::from(encode(form)))
    .unwrap()
}

pub(crate) async fn token(sim: &Simulator, form: BTreeMap<&str, &str>) -> Answer {
    send(token_request(sim, &credentials(sim), form)).await
}

/// What a client holds after its login.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl From<Answer> for Tokens {
    fn from(answer: Answer) -> Self {
        let fields = answer.json();
        let text = |name: &str| fields[name].as_str().unwrap().to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }
}

/// Goes all the way from the first post to the tokens.
pub(crate) async fn log_in(sim: &Simulator) -> Tokens {
    log_in_as(sim, &sim.account()).await
}

pub(crate) async fn log_in_as(sim: &Simulator, account: &Account) -> Tokens {
    let code = get_code_of(sim, account, authorize_query()).await;
    token(sim, code_form(&code)).await.into()
}

pub(crate) fn encode(fields: BTreeMap<&str, &str>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
