//! Cars that are kept in view in a terminal of the test's own.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tokio::sync::mpsc;

use super::*;

const CLOSE: &str = "\u{1b}[?1049l";

/// The second car is read for longer than anybody waits.
async fn sim_of_a_slow_second_car() -> Simulator {
    let sim = simulator().await;
    let never = Fault::pass().after(Duration::from_secs(600));
    sim.script(Route::Telemetry, [Fault::pass(), never]);
    sim
}

#[tokio::test]
async fn a_car_is_seen_while_the_next_is_still_being_read() {
    let sim = sim_of_a_slow_second_car().await;
    let mut terminal = Terminal::new(100, 50);
    let (watch, _tokens) = terminal.run(&sim, &["watch", "--no-wake"]);

    terminal.shows("43087 km").await;
    terminal.shows("reading RAV4 PHEV (..0202)").await;
    let ended = end(watch, "-INT").await;

    assert_eq!(ended.0, Some(0));
    terminal.shows(CLOSE).await;
    // What was known stays to be read.
    let left = terminal.rest().await;
    assert!(left.contains("43087 km"), "{left}");
    assert!(
        !left.contains("Ctrl-C") && !left.contains("reading"),
        "{left}"
    );
}

#[tokio::test]
async fn a_window_that_changes_its_size_is_drawn_anew() {
    let sim = sim_of_a_slow_second_car().await;
    let mut terminal = Terminal::new(100, 50);
    let (watch, _tokens) = terminal.run(&sim, &["watch", "runabout", "--no-wake"]);
    terminal.shows("43087 km").await;
    terminal.shows("next in").await;

    terminal.resize(20, 40);

    terminal.shows("  tele..  ").await;
    assert_eq!(end(watch, "-TERM").await.0, Some(0));
    terminal.shows(CLOSE).await;
}

/// A terminal of the test's own, and what is drawn on it.
struct Terminal {
    controller: OwnedFd,
    drawn: mpsc::UnboundedReceiver<Vec<u8>>,
    /// What was drawn after what was looked for last.
    unseen: Vec<u8>,
}

impl Terminal {
    fn new(width: u16, height: u16) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let mut reader = File::from(controller.try_clone().unwrap());
        let (send, drawn) = mpsc::unbounded_channel();
        // It ends with the program: then there is nobody whom it could read from.
        std::thread::spawn(move || {
            let mut some = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut some) {
                if send.send(some[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let terminal = Self {
            controller,
            drawn,
            unseen: Vec::new(),
        };
        terminal.resize(width, height);
        terminal
    }

    fn resize(&self, width: u16, height: u16) {
        let size = Winsize {
            ws_row: height,
            ws_col: width,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(self.controller.as_fd(), size).unwrap();
    }

    /// Runs the program on it.
    fn run(&self, sim: &Simulator, args: &[&str]) -> (Child, TempDir) {
        let name = ptsname(&self.controller, Vec::new()).unwrap();
        let name = Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
        let stdout = OpenOptions::new().read(true).write(true).open(name);
        start_on(stdout.unwrap().into(), sim, args)
    }

    /// Waits until this is drawn.
    async fn shows(&mut self, text: &str) {
        let is_seen = |unseen: &[u8]| {
            let mut places = unseen.windows(text.len());
            places.position(|it| it == text.as_bytes())
        };
        let drawn = async {
            loop {
                if let Some(at) = is_seen(&self.unseen) {
                    self.unseen.drain(..at + text.len());
                    return true;
                }
                match self.drawn.recv().await {
                    Some(drawn) => self.unseen.extend(drawn),
                    None => return false,
                }
            }
        };
        // Each second something is drawn: it is bounded as a whole.
        let is_shown = timeout(PATIENCE, drawn).await == Ok(true);
        let unseen = String::from_utf8_lossy(&self.unseen);
        assert!(is_shown, "no {text:?}: {unseen}");
    }

    /// Returns what is drawn until the program has ended.
    async fn rest(&mut self) -> String {
        let drawn = async {
            while let Some(drawn) = self.drawn.recv().await {
                self.unseen.extend(drawn);
            }
        };
        timeout(PATIENCE, drawn).await.unwrap();
        String::from_utf8_lossy(&self.unseen).into_owned()
    }
}
