//! What holds for any directives, and for any bytes.

use http::header::{AUTHORIZATION, SET_COOKIE};
use proptest::prelude::*;

use super::super::super::scramble::{Member, scrambled};
use super::*;

proptest! {
    #[test]
    fn what_was_printed_is_read_back(
        flags in any::<[bool; 8]>(),
        seconds in any::<[Option<u32>; 4]>(),
        fields in any::<[[bool; 3]; 2]>(),
        seed in any::<u64>(),
    ) {
        let [no_store, no_cache, private, public, must_revalidate, proxy_revalidate, must_understand, immutable] = flags;
        let [max_age, s_maxage, stale_while_revalidate, stale_if_error] =
            seconds.map(|seconds| seconds.map(|seconds| seconds.min(FOREVER)));
        let [no_cache_fields, private_fields] = fields.map(chosen);
        let members = [
            Member::flag("no-store", no_store),
            Member::flag("no-cache", no_cache),
            Member::fields("no-cache", &no_cache_fields),
            Member::flag("private", private),
            Member::fields("private", &private_fields),
            Member::flag("public", public),
            Member::flag("must-revalidate", must_revalidate),
            Member::flag("proxy-revalidate", proxy_revalidate),
            Member::flag("must-understand", must_understand),
            Member::flag("immutable", immutable),
            Member::seconds("max-age", max_age),
            Member::seconds("s-maxage", s_maxage),
            Member::seconds("stale-while-revalidate", stale_while_revalidate),
            Member::seconds("stale-if-error", stale_if_error),
        ];

        let headers = scrambled(members.into_iter().flatten(), seed);

        let expected = ResponseDirectives {
            no_store, no_cache, private, public, must_revalidate, proxy_revalidate, must_understand, immutable,
            no_cache_fields: if no_cache { Vec::new() } else { no_cache_fields },
            private_fields: if private { Vec::new() } else { private_fields },
            max_age, s_maxage, stale_while_revalidate, stale_if_error,
        };
        prop_assert_eq!(ResponseDirectives::of(&headers), expected, "{:?}", headers);
    }

    #[test]
    fn no_bytes_hide_the_line_after_them(line in proptest::collection::vec(any::<u8>(), 0..60)) {
        // What no header value can have (RFC 9110 section 5.5) is left out.
        let line: Vec<u8> = line.into_iter().filter(|&byte| byte >= 0x20 && byte != 0x7f).collect();

        let found = of(&[&line, b"no-store, max-age=0"]);

        prop_assert!(found.no_store);
        prop_assert_eq!(found.max_age, Some(0));
    }
}

/// Returns those of three fields that are chosen, in order.
fn chosen(flags: [bool; 3]) -> Vec<HeaderName> {
    let fields = [AUTHORIZATION, SET_COOKIE, HeaderName::from_static("x-own")];
    let chosen = fields.into_iter().zip(flags).filter(|&(_, flag)| flag);
    chosen.map(|(field, _)| field).collect()
}
