//! Text in the shape of a JSON web token (RFC 7519), signed by nobody.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::random::Random;

/// Returns `claims` as the middle of a three-part token whose signature is random.
pub(crate) fn shaped(random: &mut Random, algorithm: &str, claims: &Value) -> String {
    let header = json!({"typ": "JWT", "alg": algorithm});
    format!(
        "{}.{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string()),
        random.token(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carries_its_claims_in_the_second_of_three_parts() {
        let token = shaped(&mut Random::new(1), "HS256", &json!({"uuid": "somebody"}));

        let parts: Vec<&str> = token.split('.').collect();
        assert_eq!(parts.len(), 3);
        let claims = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
        assert_eq!(claims, br#"{"uuid":"somebody"}"#);
    }
}
