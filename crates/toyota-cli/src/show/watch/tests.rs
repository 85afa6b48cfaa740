//! What is drawn and written of a watch over a scripted service, in paused time: as wide and as high
//! as there is place.

mod scene;
mod slim;
mod states;
mod written;

use self::scene::{paper, scene};
use super::Paper;

#[tokio::test(start_paused = true)]
async fn a_wide_terminal_shows_all_that_is_known() {
    let mut scene = scene();

    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(100, 50)), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415                        12 min ago  fresh
      health            Tire Pressure                          17 s ago    fresh
      electric          battery 78 %, 51.2 km, not plugged in  12 min ago  fresh
      telemetry         21954.6 km, fuel 41 %, battery 78 %    12 min ago  fresh
      notifications     1 unread of 2                          17 s ago    fresh
      status            locked, closed                         12 min ago  fresh
      service history   1 visit, last 2025-11-12               17 s ago    fresh
      climate settings  21 °C, for 20 min                      17 s ago    fresh
      climate status    stopped, 4 °C inside                   12 min ago  fresh
      trips             today 0 km, week 0 km                  17 s ago    fresh
      wakes             4 left, nothing new                    -           read

    祖父の車 (…0101)
      location          50.8949, 4.3415                        12 min ago  fresh
      health            Tire Pressure                          17 s ago    fresh
      electric          -                                      -           not supported
      telemetry         21954.6 km, fuel 41 %, battery 78 %    12 min ago  fresh
      notifications     none                                   17 s ago    fresh
      status            -                                      -           not supported
      service history   -                                      -           not supported
      climate settings  -                                      -           not supported
      climate status    -                                      -           not supported
      trips             today 0 km, week 0 km                  17 s ago    fresh
      wakes             off                                    -           -

    requests 16  retries 0  from the cache 0  waits 0  errors 0
    cycle 1 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn a_usual_terminal_cuts_long_values() {
    let mut scene = scene();

    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(80, 50)), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415                    12 min ago  fresh
      health            Tire Pressure                      17 s ago    fresh
      electric          battery 78 %, 51.2 km, not plugg…  12 min ago  fresh
      telemetry         21954.6 km, fuel 41 %, battery 7…  12 min ago  fresh
      notifications     1 unread of 2                      17 s ago    fresh
      status            locked, closed                     12 min ago  fresh
      service history   1 visit, last 2025-11-12           17 s ago    fresh
      climate settings  21 °C, for 20 min                  17 s ago    fresh
      climate status    stopped, 4 °C inside               12 min ago  fresh
      trips             today 0 km, week 0 km              17 s ago    fresh
      wakes             4 left, nothing new                -           read

    祖父の車 (…0101)
      location          50.8949, 4.3415                    12 min ago  fresh
      health            Tire Pressure                      17 s ago    fresh
      electric          -                                  -           not supported
      telemetry         21954.6 km, fuel 41 %, battery 7…  12 min ago  fresh
      notifications     none                               17 s ago    fresh
      status            -                                  -           not supported
      service history   -                                  -           not supported
      climate settings  -                                  -           not supported
      climate status    -                                  -           not supported
      trips             today 0 km, week 0 km              17 s ago    fresh
      wakes             off                                -           -

    requests 16  retries 0  from the cache 0  waits 0  errors 0
    cycle 1 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn on_a_narrow_one_ages_and_states_share_a_column() {
    let mut scene = scene();
    scene.service.fail("/v1/location", 404);

    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(48, 50)), @r"
    Blue one (…0202)  locked  not plugged in
      health            Tire Pressure     17 s ago
      electric          battery 78 %, 5…  12 min ago
      telemetry         21954.6 km, fue…  12 min ago
      notifications     1 unread of 2     17 s ago
      status            locked, closed    12 min ago
      service history   1 visit, last 2…  17 s ago
      climate settings  21 °C, for 20 m…  17 s ago
      climate status    stopped, 4 °C i…  12 min ago
      trips             today 0 km, wee…  17 s ago
      wakes             4 left, nothing…  read

    祖父の車 (…0101)
      health            Tire Pressure     17 s ago
      telemetry         21954.6 km, fue…  12 min ago
      notifications     none              17 s ago
      trips             today 0 km, wee…  17 s ago
      wakes             off               -

    requests 16  retries 0  from the cache 0
      waits 0  errors 2
    cycle 1 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn a_low_one_shows_what_changes_most_and_what_is_wrong() {
    let mut scene = scene();
    scene.cycle().await;
    scene.service.fail("/v3/telemetry", 503);
    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(80, 24)), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415                18 min ago  fresh
      health            Tire Pressure                  6 min ago   fresh
      electric          battery 78 %, 51.2 km, not p…  18 min ago  fresh
      telemetry         21954.6 km, fuel 41 %, batte…  18 min ago  failed: 503 fault
      notifications     1 unread of 2                  6 min ago   fresh
      status            locked, closed                 18 min ago  fresh
      service history   1 visit, last 2025-11-12       6 min ago   fresh
      climate settings  21 °C, for 20 min              6 min ago   fresh
      climate status    stopped, 4 °C inside           18 min ago  fresh
      trips             today 0 km, week 0 km          6 min ago   fresh
      wakes             4 left, nothing new            -           not needed

    祖父の車 (…0101)
      location          50.8949, 4.3415                18 min ago  fresh
      health            Tire Pressure                  6 min ago   fresh
      telemetry         21954.6 km, fuel 41 %, batte…  18 min ago  failed: 503 fault
      notifications     none                           6 min ago   fresh
      trips             today 0 km, week 0 km          6 min ago   fresh
      wakes             off                            -           -

    requests 22  retries 0  from the cache 0  waits 0  errors 2
    cycle 2 took 3 s  next in 5:43  Ctrl-C ends
    ");
    insta::assert_snapshot!(scene.drawn(&paper(80, 12)), @r"
    Blue one (…0202)  locked  not plugged in
      electric        battery 78 %, 51.2 km, not plu…  18 min ago  fresh
      telemetry       21954.6 km, fuel 41 %, battery…  18 min ago  failed: 503 fault
      status          locked, closed                   18 min ago  fresh
      climate status  stopped, 4 °C inside             18 min ago  fresh
      wakes           4 left, nothing new              -           not needed
    祖父の車 (…0101)
      telemetry       21954.6 km, fuel 41 %, battery…  18 min ago  failed: 503 fault
      wakes           off                              -           -
    requests 22  retries 0  from the cache 0  waits 0  errors 2
    cycle 2 took 3 s  next in 5:43  Ctrl-C ends
    ");
    insta::assert_snapshot!(scene.drawn(&paper(80, 6)), @r"
    Blue one (…0202)  locked  not plugged in  fuel 41 %  battery 78 %
      telemetry  21954.6 km, fuel 41 %, battery 78 %  18 min ago  failed: 503 fault
    祖父の車 (…0101)  fuel 41 %  battery 78 %
      telemetry  21954.6 km, fuel 41 %, battery 78 %  18 min ago  failed: 503 fault
    requests 22  retries 0  from the cache 0  waits 0  errors 2
    cycle 2 took 3 s  next in 5:43  Ctrl-C ends
    ");
    insta::assert_snapshot!(scene.drawn(&paper(80, 4)), @r"
    Blue one (…0202)  locked  not plugged in  fuel 41 %  battery 78 %
    3 more lines in a taller window
    requests 22  retries 0  from the cache 0  waits 0  errors 2
    cycle 2 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn a_terminal_without_unicode_has_ascii_alone() {
    let mut scene = scene();
    scene.cycle().await;
    let paper = Paper {
        unicode: false,
        ..paper(70, 50)
    };

    let drawn = scene.drawn(&paper);

    assert!(drawn.is_ascii(), "{drawn}");
    insta::assert_snapshot!(drawn, @r"
    Blue one (..0202)  locked  not plugged in
      location          50.8949, 4.3415          12 min ago  fresh
      health            Tire Pressure            17 s ago    fresh
      electric          battery 78 %, 51.2 km..  12 min ago  fresh
      telemetry         21954.6 km, fuel 41 %..  12 min ago  fresh
      notifications     1 unread of 2            17 s ago    fresh
      status            locked, closed           12 min ago  fresh
      service history   1 visit, last 2025-11..  17 s ago    fresh
      climate settings  21 C, for 20 min         17 s ago    fresh
      climate status    stopped, 4 C inside      12 min ago  fresh
      trips             today 0 km, week 0 km    17 s ago    fresh
      wakes             4 left, nothing new      -           read

    ???? (..0101)
      location          50.8949, 4.3415          12 min ago  fresh
      health            Tire Pressure            17 s ago    fresh
      electric          -                        -           not supported
      telemetry         21954.6 km, fuel 41 %..  12 min ago  fresh
      notifications     none                     17 s ago    fresh
      status            -                        -           not supported
      service history   -                        -           not supported
      climate settings  -                        -           not supported
      climate status    -                        -           not supported
      trips             today 0 km, week 0 km    17 s ago    fresh
      wakes             off                      -           -

    requests 16  retries 0  from the cache 0  waits 0  errors 0
    cycle 1 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn colours_change_no_letter() {
    let mut scene = scene();
    scene.service.fail("/v1/location", 503);
    scene.cycle().await;
    let coloured = Paper {
        colours: true,
        ..paper(80, 50)
    };

    let drawn = scene.drawn(&coloured);

    let plain = ["1", "2", "31", "32", "33", "0"].iter();
    let plain = plain.fold(drawn.clone(), |text, code| {
        text.replace(&format!("\u{1b}[{code}m"), "")
    });
    assert_eq!(plain, scene.drawn(&paper(80, 50)));
    assert!(
        drawn.contains("\u{1b}[31mfailed: 503 fault\u{1b}[0m"),
        "{drawn}"
    );
    assert!(drawn.contains("\u{1b}[32mfresh\u{1b}[0m"), "{drawn}");
}

#[tokio::test(start_paused = true)]
async fn no_line_is_wider_and_no_picture_higher_than_its_window() {
    let mut scene = scene();
    scene.service.fail("/v3/telemetry", 503);
    scene.cycle().await;
    for width in 0..130 {
        for height in [0, 1, 2, 3, 7, 12, 20, 29, 40] {
            let drawn = scene.drawn(&paper(width, height));

            let lines: Vec<_> = drawn.lines().collect();
            assert!(lines.len() <= height, "{width}x{height}: {drawn}");
            for line in lines {
                let wide = line
                    .chars()
                    .filter(|c| !c.is_ascii() && *c != '…' && *c != '°');
                let taken = line.chars().count() + wide.count();
                assert!(taken <= width, "{width}x{height}: {line}");
            }
        }
    }
}
