//! Layers of the client's user, each at its place.

use std::fmt;
use std::sync::Arc;

use tower::Layer;

use super::{Link, Place, link};
use crate::HttpService;

/// Layers of the client's user, in the order in which they were added.
#[derive(Clone, Default)]
pub(crate) struct OwnLayers(Vec<(Place, Arc<PutOver>)>);

/// Puts a layer, whose type this forgets, over a service.
type PutOver = dyn Fn(Link) -> Link + Send + Sync;

impl OwnLayers {
    pub(crate) fn add<L>(&mut self, place: Place, layer: L)
    where
        L: Layer<Link, Service: HttpService> + Send + Sync + 'static,
    {
        let put_over = move |inner| link(layer.layer(inner));
        self.0.push((place, Arc::new(put_over)));
    }

    /// Puts the layers of a place over a service, the first outermost.
    pub(crate) fn at(&self, place: Place, service: Link) -> Link {
        let layers = self.0.iter().rev().filter(|(at, _)| *at == place);
        layers.fold(service, |inner, (_, put_over)| put_over(inner))
    }
}

impl fmt::Debug for OwnLayers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.0.iter().map(|(place, _)| place);
        f.debug_list().entries(places).finish()
    }
}
