//! What identifies the app on a request: target, API key, version, brand, correlation id.

use std::fmt;

use http::Request;
use http::header::{Entry, HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::{BaseUrl, Config, ConfigError};

const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlationid");

/// The headers of every API request, made once.
pub(super) struct Identity {
    api_url: BaseUrl,
    headers: HeaderMap,
}

/// A request target that is neither a path nor an absolute URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a request target is a path that starts with '/', or an absolute URL")]
pub struct InvalidTarget;

impl Identity {
    pub(super) fn new(config: &Config) -> Result<Self, ConfigError> {
        let mut headers = HeaderMap::new();
        for (name, value) in config.api.brand.headers.iter() {
            let invalid = || ConfigError::brand_header(name, value);
            headers.insert(
                HeaderName::try_from(&**name).map_err(|_| invalid())?,
                HeaderValue::try_from(&**value).map_err(|_| invalid())?,
            );
        }
        headers.insert("x-appversion", config.api.client_version.clone());
        if let Some(key) = &config.api.key {
            // The service asks for both names.
            headers.insert("x-api-key", key.clone());
            headers.insert("api_key", key.clone());
        }
        let api_url = config.api.base_url.clone();
        Ok(Self { api_url, headers })
    }

    /// Completes the target and, where it is the API's, adds the headers.
    pub(super) fn put_on<B>(&self, request: &mut Request<B>) -> Result<(), InvalidTarget> {
        let target = self.api_url.resolve(request.uri()).ok_or(InvalidTarget)?;
        if self.api_url.same_origin(&target) {
            let headers = request.headers_mut();
            for (name, value) in &self.headers {
                headers.insert(name, value.clone());
            }
            correlate(headers);
        }
        *request.uri_mut() = target;
        Ok(())
    }
}

/// Names a call, unless it is named: whoever makes the call names it, and its repeats share that.
pub(crate) fn correlate(headers: &mut HeaderMap) {
    if let Entry::Vacant(absent) = headers.entry(CORRELATION_ID)
        && let Ok(fresh) = HeaderValue::try_from(Uuid::new_v4().to_string())
    {
        absent.insert(fresh);
    }
}

/// Shows names only: a header's value may be a key.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("api_url", &self.api_url)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Brand;

    fn identity(config: Config) -> Identity {
        Identity::new(&config.with_api_key("k3y").unwrap()).unwrap()
    }

    fn put_on(identity: &Identity, uri: &str) -> Request<()> {
        let mut request = Request::get(uri).body(()).unwrap();
        identity.put_on(&mut request).unwrap();
        request
    }

    fn header<'a>(request: &'a Request<()>, name: &str) -> &'a str {
        request.headers()[name].to_str().unwrap()
    }

    #[test]
    fn a_request_to_the_api_carries_the_apps_identity() {
        let request = put_on(&identity(Config::new()), "/v2/vehicle/guid");

        for (name, value) in [
            ("x-api-key", "k3y"),
            ("api_key", "k3y"),
            ("x-appversion", "2.14.0"),
            ("x-channel", "ONEAPP"),
            ("x-brand", "T"),
            ("x-region", "EU"),
            ("x-user-region", "EU"),
            ("user-agent", "okhttp/4.10.0"),
        ] {
            assert_eq!(header(&request, name), value, "{name}");
        }
        assert!(!request.headers().contains_key("x-appbrand"));
        assert!(Uuid::parse_str(header(&request, "x-correlationid")).is_ok());
    }

    #[test]
    fn another_brand_is_named_three_times() {
        let request = put_on(
            &identity(Config::new().with_brand(Brand::LEXUS)),
            "/v1/location",
        );

        for name in ["x-brand", "x-appbrand", "brand"] {
            assert_eq!(header(&request, name), "L", "{name}");
        }
    }

    #[test]
    fn each_call_has_its_own_correlation_id_unless_it_brings_one() {
        let identity = identity(Config::new());
        let first = put_on(&identity, "/v1/location");
        let second = put_on(&identity, "/v1/location");
        assert_ne!(
            header(&first, "x-correlationid"),
            header(&second, "x-correlationid")
        );

        let mut repeated = first.clone();
        identity.put_on(&mut repeated).unwrap();
        assert_eq!(
            header(&first, "x-correlationid"),
            header(&repeated, "x-correlationid")
        );
    }

    #[test]
    fn nothing_is_added_to_a_request_to_elsewhere() {
        let identity = identity(Config::new());
        let host = Config::new().api.base_url.host().to_owned();

        for uri in [
            "https://elsewhere.example/v2/vehicle/guid".to_owned(),
            format!("http://{host}/v2/vehicle/guid"),
            format!("https://{host}:8443/v2/vehicle/guid"),
            format!("https://{host}@elsewhere.example/"),
        ] {
            assert!(put_on(&identity, &uri).headers().is_empty(), "{uri}");
        }
    }

    #[test]
    fn secret_headers_are_marked_and_debug_shows_none() {
        let identity = identity(Config::new());
        let request = put_on(&identity, "/v1/location");

        assert!(request.headers()["x-api-key"].is_sensitive());
        assert!(!format!("{identity:?} {request:?}").contains("k3y"));
    }

    #[test]
    fn a_brand_header_that_is_none_is_refused_by_name() {
        let mut brand = Brand::TOYOTA;
        brand.headers = vec![("x brand".into(), "T".into())].into();

        let error = Identity::new(&Config::new().with_brand(brand)).unwrap_err();

        assert_eq!(error.problems()[0].key(), Some("header x brand"));
    }
}
