//! What the configuration puts in the place of built-in routes.

use std::fmt;
use std::str::FromStr;

use super::{Family, Feature, Route};

const MOST_ROUTES: usize = 8;
const LONGEST_PATH: usize = 256;

/// The routes of one feature, in place of the built-in ones: `status=/v3/vehicle/status,old`.
///
/// After the feature's name come its routes in the order in which they are tried: a path, which takes
/// and gives what the newest route does, or `new` or `old` for a built-in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteOverride {
    feature: Feature,
    routes: Vec<Place>,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    BuiltIn(Family),
    Path(String),
}

/// A text that overrides no route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRoute {
    /// There is no `=` in it.
    #[error("a feature, an equals sign and routes are needed, as in status=/v3/vehicle/status,old")]
    Shape,
    /// No feature has this name.
    #[error("no such feature; features are named as operations are, such as status or trips")]
    Feature,
    /// None, or too many.
    #[error("1 to {MOST_ROUTES} routes are needed")]
    Count,
    /// Neither a path nor a built-in route.
    #[error(
        "a route is new, old, or a path of visible ASCII that begins with a slash and has no query"
    )]
    Route,
    /// The feature has no route of that generation.
    #[error("this feature has no such built-in route")]
    Family,
    /// The identifier has to stand somewhere.
    #[error("the path of a trip needs {{id}} for its identifier")]
    Identifier,
}

impl RouteOverride {
    /// Returns the feature.
    #[must_use]
    pub fn feature(&self) -> Feature {
        self.feature
    }

    pub(super) fn routes(&self) -> Vec<Route> {
        let built_in = self.feature.built_in();
        let route = |place: &Place| match place {
            Place::BuiltIn(family) => built_in.of(*family),
            Place::Path(path) => Some(built_in.at(path.clone())),
        };
        self.routes.iter().filter_map(route).collect()
    }
}

impl FromStr for RouteOverride {
    type Err = InvalidRoute;

    fn from_str(text: &str) -> Result<Self, InvalidRoute> {
        let (feature, routes) = text.split_once('=').ok_or(InvalidRoute::Shape)?;
        let feature = Feature::of_name(feature.trim()).ok_or(InvalidRoute::Feature)?;
        let routes: Vec<_> = routes.split(',').take(MOST_ROUTES + 1).collect();
        if routes.len() > MOST_ROUTES {
            return Err(InvalidRoute::Count);
        }
        let routes = routes.into_iter().map(|route| place(feature, route.trim()));
        let routes = routes.collect::<Result<_, _>>()?;
        Ok(Self { feature, routes })
    }
}

fn place(feature: Feature, text: &str) -> Result<Place, InvalidRoute> {
    let family = match text {
        "new" => Some(Family::New),
        "old" => Some(Family::Old),
        _ => None,
    };
    if let Some(family) = family {
        let found = feature.built_in().of(family);
        return found
            .map(|_| Place::BuiltIn(family))
            .ok_or(InvalidRoute::Family);
    }
    let visible = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"?#\\\"<>".contains(&byte));
    let absolute = text.starts_with('/') && !text.starts_with("//");
    if !absolute || !visible || text.len() > LONGEST_PATH {
        return Err(InvalidRoute::Route);
    }
    if feature == Feature::Trip && !text.contains("{id}") {
        return Err(InvalidRoute::Identifier);
    }
    Ok(Place::Path(text.to_owned()))
}

impl fmt::Display for RouteOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.feature.name())?;
        for (at, route) in self.routes.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            match route {
                Place::BuiltIn(Family::New) => write!(f, "{comma}new")?,
                Place::BuiltIn(Family::Old) => write!(f, "{comma}old")?,
                Place::Path(path) => write!(f, "{comma}{path}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "status=/v3/vehicle/status,old",
            "status=old,new",
            "trip=/v2/trips/{id}",
            "climate_preset=old",
        ] {
            let read: RouteOverride = text.parse().unwrap();

            assert_eq!(read.to_string(), text);
        }
        let spaced: RouteOverride = " status = new , /x ".parse().unwrap();
        assert_eq!(spaced.to_string(), "status=new,/x");
    }

    #[test]
    fn what_overrides_nothing_is_refused_by_what_it_lacks() {
        let long = format!("status=/{}", "x".repeat(LONGEST_PATH));
        let many = format!("status={}", ["new"; MOST_ROUTES + 1].join(","));
        for (text, refused) in [
            ("status", InvalidRoute::Shape),
            ("", InvalidRoute::Shape),
            ("doors=/x", InvalidRoute::Feature),
            ("status=", InvalidRoute::Route),
            ("status=x", InvalidRoute::Route),
            ("status=//elsewhere.example/x", InvalidRoute::Route),
            ("status=https://elsewhere.example/x", InvalidRoute::Route),
            ("status=/x?y=1", InvalidRoute::Route),
            ("status=/x y", InvalidRoute::Route),
            ("status=/é", InvalidRoute::Route),
            ("location=old", InvalidRoute::Family),
            ("climate_preset=new", InvalidRoute::Family),
            ("trip=/v1/trips", InvalidRoute::Identifier),
            (&long, InvalidRoute::Route),
            (&many, InvalidRoute::Count),
        ] {
            assert_eq!(text.parse::<RouteOverride>(), Err(refused), "{text}");
        }
    }
}
