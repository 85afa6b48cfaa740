//! Somebody who is signed in for a long time, and asks about their cars.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request};
use http_body_util::Full;
use serde_json::Value;
use toyota_sim::{Builder, Simulator};

use super::{Answer, api_headers, log_in, send, within};

pub(crate) const PETROL: &str = "SB1Z93BE10E000101";
pub(crate) const HYBRID: &str = "JTMZ63FV50D000202";
pub(crate) const ELECTRIC: &str = "JTHZ4AHB700000303";

pub(crate) struct Owner {
    pub(crate) sim: Simulator,
    headers: HeaderMap,
}

impl Owner {
    pub(crate) async fn new() -> Self {
        Self::of(Simulator::builder()).await
    }

    pub(crate) async fn of(builder: Builder) -> Self {
        let year = Duration::from_secs(365 * 24 * 60 * 60);
        let sim = within(builder.token_lifetime(year).start()).await.unwrap();
        let tokens = log_in(&sim).await;
        let headers = api_headers(&sim, &tokens.access);
        Self { sim, headers }
    }

    pub(crate) async fn get(&self, path: &str, vin: &str) -> Answer {
        self.send(Method::GET, path, vin, None).await
    }

    pub(crate) async fn post(&self, path: &str, vin: &str, body: Option<Value>) -> Answer {
        self.send(Method::POST, path, vin, body).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        vin: &str,
        body: Option<Value>,
    ) -> Answer {
        send(self.request(method, path, vin, body)).await
    }

    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
        vin: &str,
        body: Option<Value>,
    ) -> Request<Full<Bytes>> {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let mut request = Request::new(Full::from(Bytes::from(body)));
        *request.method_mut() = method;
        *request.uri_mut() = format!("{}{path}", self.sim.api_url()).parse().unwrap();
        *request.headers_mut() = self.headers.clone();
        let vin = HeaderValue::from_str(vin).unwrap();
        request.headers_mut().insert("vin", vin);
        request
    }

    /// The payload of a read.
    pub(crate) async fn payload(&self, path: &str, vin: &str) -> Value {
        self.get(path, vin).await.json()["payload"].take()
    }

    /// The newest notification about a car: how it went, and what it says.
    pub(crate) async fn newest_notification(&self, vin: &str) -> (Value, String) {
        let lists = self.payload("/v2/notification/history", vin).await;
        let mut lists = lists.as_array().unwrap().iter();
        let of_car = lists.find(|list| list["vin"] == vin).unwrap();
        let newest = &of_car["notifications"][0];
        let message = newest["message"].as_str().unwrap().to_owned();
        (newest["status"].clone(), message)
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.sim.clock().advance(Duration::from_secs(seconds));
    }
}

/// The code with which the service passed something on, or did not.
pub(crate) fn return_code(answer: &Answer) -> String {
    let code = &answer.json()["payload"]["returnCode"];
    code.as_str().unwrap_or_default().to_owned()
}
