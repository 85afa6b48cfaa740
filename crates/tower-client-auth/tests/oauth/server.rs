//! A token endpoint that rotates refresh tokens and notices when one is used twice, and the API
//! that its tokens are for, on a real socket.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{AUTHORIZATION, LOCATION, RETRY_AFTER};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

type Answer = Response<Full<Bytes>>;

/// A server for the length of a test: `/token`, and everything else is the API.
pub(crate) struct Server {
    pub(crate) origin: String,
    state: Arc<State>,
    _serving: JoinSet<()>,
}

struct State {
    session: Mutex<Session>,
    token_requests: watch::Sender<usize>,
    mood: Mutex<Mood>,
}

/// The one session that there is: token pairs are numbered.
#[derive(Default)]
struct Session {
    pair: u32,
    access_revoked: bool,
    revoked: bool,
    api_requests: Vec<(String, StatusCode)>,
}

/// How the token endpoint answers.
#[derive(Clone)]
pub(crate) enum Mood {
    Good,
    Busy,
    Redirecting(u16, String),
}

impl Server {
    /// Starts with a session of the pair `access-0` and `refresh-0`.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            session: Mutex::default(),
            token_requests: watch::Sender::new(0),
            mood: Mutex::new(Mood::Good),
        });
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&state)));
        Self {
            origin,
            state,
            _serving: serving,
        }
    }

    pub(crate) fn token_endpoint(&self) -> String {
        format!("{}/token", self.origin)
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// The API forgets the access token.
    pub(crate) fn revoke_access(&self) {
        self.state.session.lock().unwrap().access_revoked = true;
    }

    /// The session is over.
    pub(crate) fn revoke(&self) {
        self.state.session.lock().unwrap().revoked = true;
    }

    pub(crate) fn is_revoked(&self) -> bool {
        self.state.session.lock().unwrap().revoked
    }

    pub(crate) fn token_requests(&self) -> usize {
        *self.state.token_requests.borrow()
    }

    /// Waits until the token endpoint was asked so often.
    pub(crate) async fn until_asked(&self, times: usize) {
        let mut requests = self.state.token_requests.subscribe();
        requests.wait_for(|asked| *asked >= times).await.unwrap();
    }

    /// What came with each of the API's requests, and how it was answered.
    pub(crate) fn api_requests(&self) -> Vec<(String, StatusCode)> {
        self.state.session.lock().unwrap().api_requests.clone()
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let state = Arc::clone(&state);
        let answer = service_fn(move |request| respond(Arc::clone(&state), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
        connections.spawn(async { drop(connection.await) });
    }
}

async fn respond(state: Arc<State>, request: Request<Incoming>) -> Result<Answer, Infallible> {
    if request.uri().path() != "/token" {
        return Ok(state.session.lock().unwrap().api(&request));
    }
    let form = request.into_body().collect().await.unwrap().to_bytes();
    let form: HashMap<_, _> = form_urlencoded::parse(&form).into_owned().collect();
    let mood = state.mood.lock().unwrap().clone();
    let mut answer = Response::new(Full::default());
    match mood {
        Mood::Good => answer = state.session.lock().unwrap().token(&form),
        Mood::Busy => {
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            answer
                .headers_mut()
                .insert(RETRY_AFTER, "120".parse().unwrap());
        }
        Mood::Redirecting(status, location) => {
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            answer
                .headers_mut()
                .insert(LOCATION, location.parse().unwrap());
        }
    }
    state.token_requests.send_modify(|asked| *asked += 1);
    Ok(answer)
}

impl Session {
    fn api<B>(&mut self, request: &Request<B>) -> Answer {
        let authorization = request.headers().get(AUTHORIZATION);
        let authorization = authorization.map_or("", |value| value.to_str().unwrap());
        let good = authorization == format!("Bearer access-{}", self.pair);
        let status = if good && !self.access_revoked && !self.revoked {
            StatusCode::OK
        } else {
            StatusCode::UNAUTHORIZED
        };
        self.api_requests.push((authorization.to_owned(), status));
        let mut answer = Response::new(Full::from("an answer"));
        *answer.status_mut() = status;
        answer
    }

    fn token(&mut self, form: &HashMap<String, String>) -> Answer {
        let grant = form.get("grant_type").map(String::as_str);
        assert_eq!(grant, Some("refresh_token"));
        if form["refresh_token"] != format!("refresh-{}", self.pair) {
            // Used twice: somebody has stolen it.
            self.revoked = true;
        }
        if self.revoked {
            let mut answer = Response::new(Full::from(r#"{"error":"invalid_grant"}"#));
            *answer.status_mut() = StatusCode::BAD_REQUEST;
            return answer;
        }
        self.pair += 1;
        self.access_revoked = false;
        let pair = self.pair;
        Response::new(Full::from(format!(
            r#"{{"access_token":"access-{pair}","token_type":"Bearer",
                "expires_in":3600,"refresh_token":"refresh-{pair}"}}"#
        )))
    }
}
