//! Layers that know nothing of each other and share a directory.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use tokio::time::timeout;
use tower_client_auth::{
    AuthLayer, Credential, ExposeSecret, Origins, Principal, RefreshToken, TokenError, TokenSource,
};

use crate::common::{HOUR, Kept, LONG, issuer, told};

const RENEWALS: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_refresh_token_is_used_twice_by_two_layers() {
    let kept = Kept::nothing();
    let host = Arc::new(Host::default());

    let layers = [(); 2].map(|()| tokio::spawn(renew_often(layer(&kept, &host))));
    let [one, other] = layers.map(|layer| async { timeout(LONG, layer).await.unwrap().unwrap() });
    let got = [one.await, other.await].concat();

    let ledger = host.0.lock().unwrap();
    assert_eq!((ledger.sign_ins, ledger.reused), (1, 0));
    // Each renewal brought another one, whoever had fetched it.
    assert_eq!(got.len(), 2 * RENEWALS);
    assert!(ledger.issued >= RENEWALS, "{}", ledger.issued);
    assert!(ledger.issued <= 2 * RENEWALS, "{}", ledger.issued);
}

#[tokio::test]
async fn a_layer_goes_on_where_the_last_one_ended() {
    let kept = Kept::nothing();
    let host = Arc::new(Host::default());
    let owner = Principal::new("owner@example.com");
    let first = layer(&kept, &host).provider().authenticate(&owner).await;

    let second = layer(&kept, &host).provider().authenticate(&owner).await;

    assert_eq!(told(&first.unwrap()).0, told(&second.unwrap()).0);
    assert_eq!(host.0.lock().unwrap().issued, 1);
}

#[tokio::test]
async fn who_has_signed_out_is_signed_out_for_the_next_layer() {
    let kept = Kept::nothing();
    let host = Arc::new(Host::default());
    let owner = Principal::new("owner@example.com");
    let provider = layer(&kept, &host).provider();
    provider.authenticate(&owner).await.unwrap();

    provider.logout(&owner).await.unwrap();

    assert!(kept.all("json").is_empty());
    let next = layer(&kept, &host).provider();
    assert!(!next.is_authenticated(&owner).await.unwrap());
}

fn layer(kept: &Kept, host: &Arc<Host>) -> AuthLayer {
    let origins = Origins::new(["https://api.example"]).unwrap();
    AuthLayer::builder(Arc::clone(host), origins)
        .persist(kept.other(), issuer())
        .principal(Principal::new("owner@example.com"))
        .build()
}

/// Returns the secrets that it got, each another than the one before.
async fn renew_often(layer: AuthLayer) -> Vec<String> {
    let provider = layer.provider();
    let owner = provider.default_principal();
    let mut got: Vec<String> = Vec::new();
    for _ in 0..RENEWALS {
        let secret = told(&provider.refresh(&owner).await.unwrap()).0;
        assert_ne!(got.last(), Some(&secret));
        got.push(secret);
    }
    got
}

/// A login host that rotates its refresh tokens, and notes when one is used again.
#[derive(Default)]
struct Host(Mutex<Ledger>);

#[derive(Default)]
struct Ledger {
    issued: usize,
    sign_ins: usize,
    used: HashSet<String>,
    reused: usize,
}

impl TokenSource for Host {
    async fn fetch(
        &self,
        _: &Principal,
        previous: Option<&Credential>,
    ) -> Result<Credential, TokenError> {
        tokio::task::yield_now().await;
        let mut ledger = self.0.lock().unwrap();
        match previous.and_then(Credential::get::<RefreshToken>) {
            None => ledger.sign_ins += 1,
            Some(token) => {
                let new = ledger
                    .used
                    .insert(token.secret().expose_secret().to_owned());
                ledger.reused += usize::from(!new);
            }
        }
        ledger.issued += 1;
        let (token, refresh) = (ledger.issued, format!("refresh {}", ledger.issued));
        Ok(Credential::new(format!("token {token}"))
            .expires_in(HOUR)
            .with(RefreshToken::from(&*refresh)))
    }
}
