//! Whether a response may be stored (RFC 9111 section 3).

use http::StatusCode;
use http::header::{AUTHORIZATION, EXPIRES};

use super::{Exchange, NotStored, status};
use crate::policy::{RequestDirectives, ResponseDirectives, Rules, Vary};

/// Checks everything but the method.
pub(super) fn check(
    exchange: &Exchange<'_>,
    directives: &ResponseDirectives,
    rules: &Rules,
) -> Result<(), NotStored> {
    check_status(exchange.status, directives, rules)?;
    // RFC 9111 section 5.2.2.3: `no-store` is for those who do not know `must-understand`.
    if directives.no_store && !directives.must_understand {
        return Err(NotStored::NoStore);
    }
    if rules.shared && directives.private {
        return Err(NotStored::Private);
    }
    if rules.shared && is_authenticated(exchange) && !allows_shared(directives) {
        return Err(NotStored::Authorization);
    }
    if !is_cacheable(exchange, directives, rules) {
        return Err(NotStored::NotCacheable);
    }
    if Vary::matches_nothing(exchange.headers) {
        return Err(NotStored::VaryAny);
    }
    // Last: what the response forbids is forbidden for what is stored already, too.
    if RequestDirectives::of(exchange.request_headers).no_store {
        return Err(NotStored::RequestNoStore);
    }
    Ok(())
}

/// Checks what matters for a response that is kept for a fixed time.
pub(super) fn check_lasting(exchange: &Exchange<'_>) -> Result<(), NotStored> {
    if exchange.status == StatusCode::PARTIAL_CONTENT {
        return Err(NotStored::Partial);
    }
    if !status::is_storable(exchange.status) {
        return Err(NotStored::Status);
    }
    if Vary::matches_nothing(exchange.headers) {
        return Err(NotStored::VaryAny);
    }
    if RequestDirectives::of(exchange.request_headers).no_store {
        return Err(NotStored::RequestNoStore);
    }
    Ok(())
}

fn check_status(
    status: StatusCode,
    directives: &ResponseDirectives,
    rules: &Rules,
) -> Result<(), NotStored> {
    if status == StatusCode::PARTIAL_CONTENT && !rules.partial_responses {
        return Err(NotStored::Partial);
    }
    if !status::is_storable(status) || directives.must_understand && !status::is_understood(status)
    {
        return Err(NotStored::Status);
    }
    Ok(())
}

fn is_authenticated(exchange: &Exchange<'_>) -> bool {
    exchange.authenticated || exchange.request_headers.contains_key(AUTHORIZATION)
}

/// RFC 9111 section 3.5.
fn allows_shared(directives: &ResponseDirectives) -> bool {
    directives.must_revalidate || directives.public || directives.s_maxage.is_some()
}

/// RFC 9111 section 3, the last of its conditions.
fn is_cacheable(exchange: &Exchange<'_>, directives: &ResponseDirectives, rules: &Rules) -> bool {
    let private = directives.private || !directives.private_fields.is_empty();
    directives.public
        || private && !rules.shared
        || directives.max_age.is_some()
        || directives.s_maxage.is_some() && rules.shared
        || exchange.headers.contains_key(EXPIRES)
        || status::is_heuristic(exchange.status)
}

#[cfg(test)]
mod tests {
    use super::super::given::Given;
    use super::*;

    type Storing = Result<(), NotStored>;

    const PRIVATE: Rules = Rules::new();
    const SHARED: Rules = Rules::new().shared();

    // RFC 9111 section 3: what is understood is `GET`; section 4.3.5: `HEAD` freshens.
    #[test]
    fn only_answers_to_get_are_stored() {
        for method in [
            "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "get",
        ] {
            let given = Given::response("cache-control: public, max-age=60").method(method);

            assert_eq!(given.stored(), Err(NotStored::Method), "{method}");
        }
        let given = Given::response("cache-control: max-age=60").method("GET");
        assert!(given.stored().is_ok());
    }

    // RFC 9111 section 3, RFC 9110 section 15, RFC 6585.
    #[test]
    fn an_explicit_lifetime_makes_most_final_statuses_storable() {
        for code in 100..1000 {
            let given = Given::response("cache-control: max-age=60").status(code);
            let expected = match code {
                206 => Err(NotStored::Partial),
                200..=303 | 305..=406 | 408..=411 | 413..=415 | 417..=420 => Ok(()),
                422..=427 | 430 | 432..=510 | 512..=599 => Ok(()),
                _ => Err(NotStored::Status),
            };

            assert_eq!(given.stored().map(drop), expected, "{code}");
        }
    }

    // RFC 9110 section 15.1.
    #[test]
    fn without_a_lifetime_the_status_has_to_be_heuristically_cacheable() {
        let stored: Vec<u16> = (200..600)
            .filter(|&code| Given::response("").status(code).stored().is_ok())
            .collect();

        let expected = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501];
        assert_eq!(stored, expected);
    }

    // RFC 9111 section 5.2.2.3, RFC 9110 section 15.
    #[test]
    fn what_must_be_understood_has_a_status_of_http_itself() {
        let stored: Vec<u16> = (200..600)
            .filter(|&code| {
                let given = Given::response("cache-control: must-understand, max-age=60");
                given.status(code).stored().is_ok()
            })
            .collect();

        let success_and_redirection = (200..=205).chain(300..=303).chain([305, 307, 308]);
        let client_error = (400..=406).chain(408..=411).chain(413..=415);
        let expected = success_and_redirection
            .chain(client_error)
            .chain([417, 422, 426])
            .chain(500..=505);
        assert!(stored.into_iter().eq(expected));
    }

    // RFC 9111 section 3.3.
    #[test]
    fn a_part_is_stored_by_who_understands_parts() {
        let given = Given::response("content-range: bytes 0-9/100").status(206);
        assert_eq!(given.stored(), Err(NotStored::Partial));

        let given = given.rules(Rules::new().partial_responses());

        assert!(given.stored().is_ok());
    }

    // RFC 9111 section 3, the conditions after those on method and status; 302 is a status that
    // does not allow anything by itself.
    #[test]
    fn fields_forbid_and_allow_storing() {
        use NotStored::{NoStore, NotCacheable, Private, Status, VaryAny};
        let table: [(u16, &str, Storing, Storing); 22] = [
            // 5.2.2.5
            (200, "cache-control: no-store", Err(NoStore), Err(NoStore)),
            (
                200,
                "cache-control: no-store, max-age=60, public",
                Err(NoStore),
                Err(NoStore),
            ),
            // 5.2.2.3
            (
                200,
                "cache-control: must-understand, no-store",
                Ok(()),
                Ok(()),
            ),
            (
                499,
                "cache-control: must-understand, max-age=9",
                Err(Status),
                Err(Status),
            ),
            (
                502,
                "cache-control: must-understand, max-age=9",
                Ok(()),
                Ok(()),
            ),
            // 5.2.2.7
            (200, "cache-control: private", Ok(()), Err(Private)),
            (302, "cache-control: private", Ok(()), Err(Private)),
            (200, "cache-control: private=\"set-cookie\"", Ok(()), Ok(())),
            (
                302,
                "cache-control: private=\"set-cookie\"",
                Ok(()),
                Err(NotCacheable),
            ),
            // 5.2.2.1, 5.2.2.9, 5.2.2.10, 5.3
            (302, "", Err(NotCacheable), Err(NotCacheable)),
            (
                302,
                "last-modified: @-600",
                Err(NotCacheable),
                Err(NotCacheable),
            ),
            (302, "cache-control: public", Ok(()), Ok(())),
            (302, "cache-control: max-age=0", Ok(()), Ok(())),
            (302, "cache-control: s-maxage=60", Err(NotCacheable), Ok(())),
            (302, "expires: 0", Ok(()), Ok(())),
            (
                302,
                "cache-control: must-revalidate",
                Err(NotCacheable),
                Err(NotCacheable),
            ),
            (200, "cache-control: no-cache", Ok(()), Ok(())),
            // 4.1
            (200, "vary: *", Err(VaryAny), Err(VaryAny)),
            (200, "vary: accept, * ,cookie", Err(VaryAny), Err(VaryAny)),
            (200, "vary: accept | vary: *", Err(VaryAny), Err(VaryAny)),
            (200, "vary: accept, x-*", Ok(()), Ok(())),
            (200, "vary: acc ept", Err(VaryAny), Err(VaryAny)),
        ];
        for (code, fields, private, shared) in table {
            let given = Given::response(fields).status(code);

            assert_eq!(given.stored().map(drop), private, "{code} {fields}");
            let given = given.rules(SHARED);
            assert_eq!(given.stored().map(drop), shared, "{code} {fields}, shared");
        }
    }

    // RFC 9111 section 5.2.1.5; `must-understand` is a matter between origin and cache.
    #[test]
    fn a_request_can_forbid_storing() {
        for fields in [
            "cache-control: max-age=60",
            "cache-control: must-understand, no-store",
        ] {
            let given = Given::response(fields).request("cache-control: no-store");

            assert_eq!(given.stored(), Err(NotStored::RequestNoStore), "{fields}");
        }

        // What the response forbids is said first: it holds for what is stored already.
        let given = Given::response("cache-control: no-store").request("cache-control: no-store");
        assert_eq!(given.stored(), Err(NotStored::NoStore));
    }

    // RFC 9111 section 3.5.
    #[test]
    fn a_shared_cache_needs_permission_to_store_what_took_a_credential() {
        let table = [
            ("cache-control: max-age=60", Err(NotStored::Authorization)),
            ("expires: @60", Err(NotStored::Authorization)),
            (
                "cache-control: max-age=60, proxy-revalidate",
                Err(NotStored::Authorization),
            ),
            ("cache-control: max-age=60, must-revalidate", Ok(())),
            ("cache-control: public", Ok(())),
            ("cache-control: s-maxage=60", Ok(())),
        ];
        for (fields, shared) in table {
            let in_sight = Given::response(fields).request("authorization: Bearer x");
            let below = Given::response(fields).authenticated();
            for given in [in_sight, below] {
                assert_eq!(
                    given.clone().rules(SHARED).stored().map(drop),
                    shared,
                    "{fields}"
                );
                assert!(given.rules(PRIVATE).stored().is_ok(), "{fields}");
            }
        }
    }
}
