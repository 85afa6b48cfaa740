//! What is drawn where there is hardly any place.

use super::scene::{paper, scene};

#[tokio::test(start_paused = true)]
async fn on_a_slim_one_ages_are_told_and_not_values() {
    let mut scene = scene();

    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(20, 50)), @r"
    Blue one (…0202)
      locked
      not plugged in
      fuel 41 %
      battery 78 %
      locat…  12 min ago
      health  17 s ago
      elect…  12 min ago
      telem…  12 min ago
      notif…  17 s ago
      status  12 min ago
      servi…  17 s ago
      clima…  17 s ago
      clima…  12 min ago
      trips   17 s ago
      wakes   read

    祖父の車 (…0101)
      fuel 41 %
      battery 78 %
      locat…  12 min ago
      health  17 s ago
      telem…  12 min ago
      notif…  17 s ago
      trips   17 s ago
      wakes   -

    requests 16
      retries 0
      from the cache 0
      waits 0  errors 0
    cycle 1 took 3 s
      next in 5:43
      Ctrl-C ends
    ");
    insta::assert_snapshot!(scene.drawn(&paper(32, 6)), @r"
    Blue one (…0202)  locked
      not plugged in  fuel 41 %
      battery 78 %
    2 more lines in a taller window
    cycle 1 took 3 s  next in 5:43
      Ctrl-C ends
    ");
    insta::assert_snapshot!(scene.drawn(&paper(12, 5)), @r"
    Blue one (……
    7 more line…
    cycle 1 too…
      next in 5…
      Ctrl-C en…
    ");
}
