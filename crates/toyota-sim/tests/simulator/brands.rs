use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};
use toyota_sim::Simulator;

use crate::support::{
    Answer, ELECTRIC, Login, Tokens, api_headers, authorize_query, code_form, credentials, encode,
    location, send, start,
};

const REALM: &str = "/oauth2/realms/root/realms/alliance-subaru";
const REDIRECT_URI: &str = "com.subaru.oneapp:/oauth2Callback";

#[tokio::test]
async fn some_of_what_changes_a_car_is_refused_to_the_app_of_subaru() {
    let sim = start().await;
    let headers = signed_in_to_subaru(&sim).await;
    let guid = sim.account().guid().to_owned();
    let named = json!({"guid": guid, "vin": ELECTRIC, "nickName": "Blue one"});

    for (method, path, body) in [
        (
            Method::POST,
            "/v1/global/remote/electric/realtime-status",
            Value::Null,
        ),
        (
            Method::POST,
            "/v1/global/remote/electric/command",
            json!({"command": "CHARGE_NOW"}),
        ),
        (
            Method::POST,
            "/v1/remote/refresh-climate-status",
            Value::Null,
        ),
        (
            Method::POST,
            "/v1/global/remote/refresh-climate-status",
            Value::Null,
        ),
        (Method::PUT, "/v1/vehicle-association/vehicle", named),
    ] {
        let answer = ask(&sim, &headers, method, path, &body).await;

        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        let expected = ("APIGW-403".to_owned(), "Unauthorized".to_owned());
        assert_eq!(answer.detail(), expected, "{path}");
    }
    assert_eq!(sim.car_counters(ELECTRIC).wakes, 0);
    assert_eq!(sim.counters().commands_carried_out, 0);
}

#[tokio::test]
async fn the_app_of_subaru_reads_wakes_and_locks_as_the_others_do() {
    let sim = start().await;
    let headers = signed_in_to_subaru(&sim).await;

    for (method, path, body) in [
        (Method::GET, "/v2/vehicle/guid", Value::Null),
        (Method::GET, "/v1/vehicle/electric/status", Value::Null),
        (Method::POST, "/v1/remote/status", Value::Null),
        (
            Method::POST,
            "/v1/global/remote/command",
            json!({"command": "door-lock"}),
        ),
    ] {
        let answer = ask(&sim, &headers, method, path, &body).await;

        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
}

async fn ask(
    sim: &Simulator,
    headers: &HeaderMap,
    method: Method,
    path: &str,
    body: &Value,
) -> Answer {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let mut request = Request::new(Full::from(body));
    *request.method_mut() = method;
    *request.uri_mut() = format!("{}{path}", sim.api_url()).parse().unwrap();
    *request.headers_mut() = headers.clone();
    send(request).await
}

/// Signs in as the app of Subaru does, and returns the headers of its calls.
async fn signed_in_to_subaru(sim: &Simulator) -> HeaderMap {
    let mut login = Login::in_realm(sim, "alliance-subaru");
    let session = login.finish(&sim.account()).await.json();
    let session = session["tokenId"].as_str().unwrap();
    let mut query = authorize_query();
    query.insert("redirect_uri", REDIRECT_URI);
    let url = format!("{}{REALM}/authorize?{}", sim.login_url(), encode(query));
    let request = Request::get(url)
        .header(header::COOKIE, format!("iPlanetDirectoryPro={session}"))
        .body(Full::default());
    let code = location(&send(request.unwrap()).await).1["code"].clone();
    let mut form = code_form(&code);
    form.insert("redirect_uri", REDIRECT_URI);
    let request = Request::post(format!("{}{REALM}/access_token", sim.login_url()))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, credentials(sim))
        .body(Full::from(encode(form)));
    let tokens: Tokens = send(request.unwrap()).await.into();
    let mut headers = api_headers(sim, &tokens.access);
    for name in ["x-brand", "x-appbrand", "brand"] {
        headers.insert(name, HeaderValue::from_static("S"));
    }
    headers.insert("vin", HeaderValue::from_static(ELECTRIC));
    headers.insert("datetime", HeaderValue::from_static("1701107639000"));
    headers
}
