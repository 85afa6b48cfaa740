//! Positions, of which the second half tells as much as the first.

use serde_json::json;

use super::*;

#[test]
fn a_pair_of_coordinates_needs_no_name() {
    let document = json!({
        "path": [[4.341_512, 50.894_912], [4.342_1, 50.893_3, 71.5]],
        "temperatures": [21.5, 22.5], "shares": [0.25, 0.125, 0.375, 0.25], "counts": [12, 7],
        "one": [50.894_912],
    });

    assert_eq!(
        redact(&document),
        json!({
            "path": [
                ["[position]", "[position]"], ["[position]", "[position]", "[position]"],
            ],
            "temperatures": [21.5, 22.5], "shares": [0.25, 0.125, 0.375, 0.25], "counts": [12, 7],
            "one": [50.894_912],
        })
    );
}

#[test]
fn a_pair_under_one_name_is_hidden_whole() {
    for (text, redacted) in [
        ("geo:50.8949,4.3415;u=9", "geo:[position];u=9"),
        ("gps: 50, 4", "gps: [position]"),
        (
            "position: (50.89, -4.34), fuel: 3",
            "position: [position]), fuel: 3",
        ),
        (
            "coordinates=50.8949, 4.3415 found",
            "coordinates=[position] found",
        ),
        ("lat: 50.1, lon: 4.3", "lat: [position], lon: [position]"),
        ("lat=50.1,lon=4.3", "lat=[position],lon=[position]"),
    ] {
        assert_eq!(redact_text(text), redacted);
        assert_eq!(redact_text(redacted), redacted);
    }
}
