//! The process of Prometheus, and its API.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

use serde_json::Value;
use tempfile::TempDir;

use super::target::Target;
use crate::tools;

/// Prometheus, until it is dropped.
pub(crate) struct Prometheus {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Prometheus {
    /// Starts it, if it is installed, and waits until it listens.
    pub(crate) fn start(target: &Target) -> Option<Self> {
        let program = tools::find("prometheus", "PROMETHEUS_BIN")?;
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("prometheus.yml");
        fs::write(&config, configuration(target)).unwrap();
        let child = Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.path().join("data").display()
            ))
            .arg("--web.listen-address=127.0.0.1:0")
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut started = Self {
            child,
            address: String::new(),
            _folder: folder,
        };
        started.address = started.listening();
        Some(started)
    }

    /// Reads from its log where it listens: the port is free when it is asked for, not before.
    fn listening(&mut self) -> String {
        let log = BufReader::new(self.child.stderr.take().unwrap());
        let (found, address) = mpsc::channel();
        // Read to the end: a full pipe would stop it.
        thread::spawn(move || {
            let mut said = String::new();
            for line in log.lines().map_while(Result::ok) {
                if line.contains("Listening on") {
                    let at = line.split("address=").nth(1).unwrap_or_default();
                    let _ = found.send(Ok(at.trim().to_owned()));
                }
                said = said + &line + "\n";
            }
            let _ = found.send(Err(said));
        });
        let address = address.recv_timeout(Duration::from_secs(60));
        address.expect("prometheus did not start").unwrap()
    }

    /// Returns the result of an instant query.
    pub(crate) fn query(&self, query: &str) -> Vec<Value> {
        let escaped = query.bytes().map(|byte| format!("%{byte:02X}"));
        let path = format!("/api/v1/query?query={}", escaped.collect::<String>());
        let answer = self.get(&path);
        let Value::Array(results) = &answer["data"]["result"] else {
            // It listens before it is ready.
            return Vec::new();
        };
        results.clone()
    }

    /// Returns what it answers, if that is JSON.
    pub(crate) fn get(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        // An older version's answers come in one piece.
        write!(
            stream,
            "GET {path} HTTP/1.0\r\nhost: {}\r\n\r\n",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap_or_default()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configuration(target: &Target) -> String {
    let address = target.address;
    format!(
        "global: {{ scrape_interval: 1s, scrape_timeout: 1s }}
scrape_configs:
- job_name: open-metrics
  metrics_path: /negotiated
  static_configs: [{{ targets: ['{address}'] }}]
- job_name: prometheus
  metrics_path: /plain
  static_configs: [{{ targets: ['{address}'] }}]
"
    )
}
