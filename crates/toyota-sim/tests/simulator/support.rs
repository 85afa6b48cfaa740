//! A small honest client, built from hyper alone.

use std::{collections::BTreeMap, future::Future, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use ring::hmac;
use serde_json::{Value, json};
use toyota_sim::{Account, Simulator};
use url::{Url, form_urlencoded};

pub(crate) const REALM: &str = "tme";
pub(crate) const REDIRECT_URI: &str = "com.toyota.oneapp:/oauth2Callback";
pub(crate) const VERSION: &str = "2.14.0";
pub(crate) const PETROL: &str = "SB1Z93BE10E000101";

/// Awaits what must not take long.
pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(10), future)
        .await
        .expect("took more than ten seconds")
}

pub(crate) async fn start() -> Simulator {
    within(Simulator::builder().start()).await.unwrap()
}

/// An answer that has arrived whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The detailed description of a gateway's error, and its code.
    pub(crate) fn detail(&self) -> (String, String) {
        let message = &self.json()["status"]["messages"][0];
        let text = |key: &str| message[key].as_str().unwrap().to_owned();
        (text("responseCode"), text("detailedDescription"))
    }

    pub(crate) fn cookies(&self) -> BTreeMap<String, String> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|cookie| cookie.to_str().unwrap())
            .map(|cookie| cookie.split(';').next().unwrap())
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

/// Sends one request over a connection of its own and reads the whole answer.
pub(crate) async fn send(request: Request<Full<Bytes>>) -> Answer {
    let client: Client<HttpConnector, Full<Bytes>> =
        Client::builder(TokioExecutor::new()).build_http();
    let response = within(client.request(request)).await.unwrap();
    let (head, body) = response.into_parts();
    Answer {
        status: head.status,
        headers: head.headers,
        body: within(body.collect()).await.unwrap().to_bytes(),
    }
}

/// A login in the making, with its cookies.
pub(crate) struct Login {
    url: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Login {
    pub(crate) fn new(sim: &Simulator) -> Self {
        Self::in_realm(sim, REALM)
    }

    pub(crate) fn in_realm(sim: &Simulator, realm: &str) -> Self {
        Self {
            url: format!(
                "{}/json/realms/root/realms/{realm}/authenticate\
                 ?authIndexType=service&authIndexValue=oneapp",
                sim.login_url()
            ),
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) async fn post(&mut self, body: &Value) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::post(&self.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, cookies.join("; "))
            .body(Full::from(body.to_string()))
            .unwrap();
        let answer = send(request).await;
        self.cookies.extend(answer.cookies());
        answer
    }

    /// Goes as far as the question for the user name and returns it.
    pub(crate) async fn reach_user_name(&mut self) -> Value {
        let locale = self.post(&json!({})).await.json();
        self.post(&locale).await.json()
    }

    /// Goes as far as the question for the password and returns it.
    pub(crate) async fn reach_password(&mut self, account: &Account) -> Value {
        let question = self.reach_user_name().await;
        self.post(&fill(question, account.username())).await.json()
    }

    /// Goes as far as what follows the password and returns it.
    pub(crate) async fn finish(&mut self, account: &Account) -> Answer {
        let question = self.reach_password(account).await;
        self.post(&fill(question, account.password())).await
    }
}

/// Fills the first input of a question.
pub(crate) fn fill(question: Value, text: &str) -> Value {
    fill_at(question, 0, json!(text))
}

pub(crate) fn fill_at(mut question: Value, callback: usize, value: Value) -> Value {
    question["callbacks"][callback]["input"][0]["value"] = value;
    question
}

/// Logs in and returns the session.
pub(crate) async fn open_session(sim: &Simulator) -> String {
    let answer = Login::new(sim).finish(&sim.account()).await;
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
    let session = open_session(sim).await;
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
    let code = get_code(sim, authorize_query()).await;
    token(sim, code_form(&code)).await.into()
}

pub(crate) fn api_headers(sim: &Simulator, access: &str) -> HeaderMap {
    let guid = sim.account().guid().to_owned();
    let key = hmac::Key::new(hmac::HMAC_SHA256, VERSION.as_bytes());
    let signature: String = hmac::sign(&key, guid.as_bytes())
        .as_ref()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect();
    [
        ("x-api-key", sim.api_key()),
        ("api_key", sim.api_key()),
        ("x-guid", &guid),
        ("guid", &guid),
        ("x-client-ref", &signature),
        ("x-appversion", VERSION),
        ("x-correlationid", "8d3e2f60-5b0b-4a8e-9f5a-6b1f0f6d1c11"),
        ("x-channel", "ONEAPP"),
        ("x-brand", "T"),
        ("x-region", "EU"),
        ("x-user-region", "EU"),
        ("authorization", &format!("Bearer {access}")),
        ("user-agent", "okhttp/4.10.0"),
    ]
    .into_iter()
    .map(|(name, value)| {
        (
            header::HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        )
    })
    .collect()
}

pub(crate) async fn get(sim: &Simulator, path: &str, headers: HeaderMap) -> Answer {
    let mut request = Request::get(format!("{}{path}", sim.api_url()))
        .body(Full::default())
        .unwrap();
    *request.headers_mut() = headers;
    send(request).await
}

/// Asks about one car.
pub(crate) async fn get_car(sim: &Simulator, path: &str, access: &str, vin: &str) -> Answer {
    let mut headers = api_headers(sim, access);
    headers.insert("vin", HeaderValue::from_str(vin).unwrap());
    get(sim, path, headers).await
}

fn encode(fields: BTreeMap<&str, &str>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
