//! What the simulated service knows of the app, and of itself.

use std::time::Duration;

/// An invented gateway key in the shape of the app's: 40 letters and digits.
pub(crate) const API_KEY: &str = "sImulatedGatewayKey0123456789abcdefGHIJK";
pub(crate) const CLIENT_ID: &str = "oneapp";
/// An invented word.
pub(crate) const CLIENT_SECRET: &str = "marmalade";

#[derive(Clone)]
pub(crate) struct Registration {
    pub(crate) base_url: String,
    pub(crate) api_key: &'static str,
    pub(crate) client_id: &'static str,
    pub(crate) client_secret: &'static str,
    pub(crate) token_lifetime: Duration,
}

impl Registration {
    pub(crate) fn new(base_url: String, token_lifetime: Duration) -> Self {
        Self {
            base_url,
            api_key: API_KEY,
            client_id: CLIENT_ID,
            client_secret: CLIENT_SECRET,
            token_lifetime,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_has_the_shape_of_the_app_s() {
        assert_eq!(API_KEY.len(), 40);
        assert!(API_KEY.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
