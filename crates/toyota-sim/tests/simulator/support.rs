//! A small honest client, built from hyper alone.

mod oauth;
mod owner;

use std::{collections::BTreeMap, future::Future, time::Duration};

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

pub(crate) use self::{oauth::*, owner::*};

pub(crate) const REALM: &str = "tme";
pub(crate) const REDIRECT_URI: &str = "com.toyota.oneapp:/oauth2Callback";
pub(crate) const VERSION: &str = "2.14.0";

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

pub(crate) fn api_headers(sim: &Simulator, access: &str) -> HeaderMap {
    api_headers_of(sim, &sim.account(), access)
}

pub(crate) fn api_headers_of(sim: &Simulator, account: &Account, access: &str) -> HeaderMap {
    let guid = account.guid().to_owned();
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
