//! A server on this machine, in place of the API that an example talks to.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const LONGEST_BODY: usize = 64 * 1024;
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// A server that answers until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    origin: String,
    _serving: JoinSet<()>,
}

impl Server {
    /// Starts to listen at a free port, and to answer by this function.
    pub(crate) async fn start<F, T>(answer: F) -> io::Result<Self>
    where
        F: Fn(Request<Bytes>) -> T + Clone + Send + Sync + 'static,
        T: Future<Output = Response<Full<Bytes>>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let mut serving = JoinSet::new();
        serving.spawn(accept(listener, answer));
        Ok(Self {
            origin,
            _serving: serving,
        })
    }

    /// Returns where it is: `http://127.0.0.1:` and the port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

async fn accept<F, T>(listener: TcpListener, answer: F)
where
    F: Fn(Request<Bytes>) -> T + Clone + Send + Sync + 'static,
    T: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                let answer = answer.clone();
                let service = service_fn(move |request| whole(request, answer.clone()));
                let mut server = http1::Builder::new();
                server.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
                let connection = server.serve_connection(TokioIo::new(stream), service);
                connections.spawn(async move {
                    // How it ended is the client's to find out.
                    let _ = connection.await;
                });
            }
            Some(_) = connections.join_next() => {}
            else => return,
        }
    }
}

/// Answers a request when all of it has come.
async fn whole<F, T>(
    request: Request<Incoming>,
    answer: F,
) -> Result<Response<Full<Bytes>>, Infallible>
where
    F: Fn(Request<Bytes>) -> T,
    T: Future<Output = Response<Full<Bytes>>>,
{
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(response);
    };
    Ok(answer(Request::from_parts(head, body.to_bytes())).await)
}
