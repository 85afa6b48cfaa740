//! What `--verbose` tells of a call.

use super::toyota;

#[tokio::test]
async fn a_call_is_told_in_one_place_one_line_for_each_thing() {
    let args = ["--simulated", "--fault", "503,401", "--verbose", "vehicles"];

    let run = toyota(&args, &[]).await;

    assert_eq!(run.code, 0, "{run:?}");
    insta::assert_snapshot!(untimed(&run.stderr), @r"
    asking for the vehicles
      cache: miss
      attempt 1: 503 in T s
      waited: T s
      attempt 2: 401 in T s
      token: fetched
      attempt 2 again: 200 in T s
      ended: succeeded
      answer: 25.3 KiB after T s
    ");
}

#[tokio::test]
async fn a_call_that_failed_is_told_too() {
    let args = [
        "--simulated",
        "--fault",
        "reset",
        "--no-retry",
        "--verbose",
        "vehicles",
    ];

    let run = toyota(&args, &[]).await;

    assert_eq!(run.code, 4, "{run:?}");
    let told = untimed(&run.stderr);
    let told: Vec<_> = told.lines().take(4).collect();
    assert_eq!(
        told[..3],
        [
            "asking for the vehicles",
            "  cache: miss",
            "  attempt 1: transport in T s",
        ]
    );
}

/// The text with every time as `T s`.
pub(crate) fn untimed(text: &str) -> String {
    let is_time = |word: &str| word.contains('.') && word.parse::<f64>().is_ok();
    let untimed = |line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        let is_unit = |index: usize| words.get(index + 1) == Some(&"s");
        let words = words.iter().enumerate().map(|(index, word)| {
            if is_time(word) && is_unit(index) {
                "T"
            } else {
                word
            }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    text.lines().map(untimed).collect::<Vec<_>>().join("\n")
}
