//! A proxy that the environment names.

mod server;

use std::path::PathBuf;

use toyota_sim::Simulator;

use self::server::Proxy;
use crate::{toyota, vars};

#[tokio::test]
async fn goes_through_a_proxy_where_the_environment_says_so() {
    let sim = Simulator::builder().tls().start().await.unwrap();
    let proxy = Proxy::start().await;
    let mut vars = vars(&sim);
    let certificate = Certificate::write(&sim);
    vars.push(("SSL_CERT_FILE", certificate.0.display().to_string()));
    vars.push(("HTTPS_PROXY", proxy.url()));

    let proxied = toyota(&["vehicles"], &vars).await;
    assert_eq!(proxied.code, 0, "{proxied:?}");
    let tunnels = proxy.tunnels();
    assert!(tunnels > 0);

    vars.push(("NO_PROXY", "localhost".to_owned()));
    let direct = toyota(&["vehicles"], &vars).await;
    assert_eq!(direct.code, 0, "{direct:?}");
    assert_eq!(proxy.tunnels(), tunnels);
}

#[tokio::test]
async fn a_proxy_of_another_kind_is_named() {
    let sim = Simulator::builder().tls().start().await.unwrap();
    let mut vars = vars(&sim);
    vars.push(("HTTPS_PROXY", "socks5://127.0.0.1:1".to_owned()));

    let run = toyota(&["vehicles"], &vars).await;

    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("not by socks5://"), "{run:?}");
}

/// The simulator's certificate as a file, removed when dropped.
struct Certificate(PathBuf);

impl Certificate {
    fn write(sim: &Simulator) -> Self {
        let name = format!("toyota-cli-{}.pem", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, sim.certificate_pem().unwrap()).unwrap();
        Self(path)
    }
}

impl Drop for Certificate {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}
