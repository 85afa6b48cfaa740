//! Reads a request's body within bounds.

use bytes::BytesMut;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use crate::delivery::{BODY_LIMIT, Upload};

/// What is read and thrown away before an over-long body is refused: a client that is still
/// sending would see a reset in place of the refusal.
const DRAIN_LIMIT: usize = 16 * BODY_LIMIT;

pub(super) async fn read(mut body: Incoming) -> Upload {
    let mut kept = BytesMut::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Upload::Broken;
        };
        let Some(data) = frame.data_ref() else {
            continue;
        };
        seen += data.len();
        if seen <= BODY_LIMIT {
            kept.extend_from_slice(data);
        } else if seen > DRAIN_LIMIT {
            break;
        }
    }
    if seen <= BODY_LIMIT {
        Upload::Whole(kept.freeze())
    } else {
        Upload::TooLarge
    }
}
