//! What a status alone tells a cache.

use http::StatusCode;

/// Returns whether a lifetime may be guessed by the status alone (RFC 9110 section 15.1).
pub(super) fn is_heuristic(status: StatusCode) -> bool {
    matches!(
        status.as_u16(),
        200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501
    )
}

/// Returns whether a response of this status can answer a later request at all.
///
/// It has to be final (RFC 9110 section 15). What a precondition or a range of the request led to
/// (304, 412, 416), what is a proxy's or a connection's own affair (407, 421) and what must never
/// be stored (RFC 6585: 428, 429, 431, 511) tells nothing to whoever asks next.
pub(super) fn is_storable(status: StatusCode) -> bool {
    match status.as_u16() {
        304 | 407 | 412 | 416 | 421 | 428 | 429 | 431 | 511 => false,
        code => (200..600).contains(&code),
    }
}

/// Returns whether this cache does all that the status's definition asks of caches: those of RFC
/// 9110 section 15 ask for no more than is done here.
pub(super) fn is_understood(status: StatusCode) -> bool {
    matches!(
        status.as_u16(),
        200..=206 | 300..=303 | 305 | 307 | 308 | 400..=417 | 422 | 426 | 500..=505
    )
}
