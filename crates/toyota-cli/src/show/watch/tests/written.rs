//! The document of a cycle.

use toyota_client::Units;

use super::scene::scene;
use crate::show::watch::document::document;

#[tokio::test(start_paused = true)]
async fn a_document_has_all_of_it_in_a_stable_shape() {
    let mut scene = scene();
    scene.cycle().await;
    scene.service.fail("/v3/telemetry", 503);
    scene.cycle().await;

    let mut document = document(&scene.view, scene.now(), Units::Metric).unwrap();

    let car = &mut document["cars"][0];
    // As in other documents.
    for member in ["dashboard", "location", "status", "climateStatus", "trips"] {
        assert!(car.get_mut(member).is_some(), "{member}");
        car[member] = "…".into();
    }
    for member in [
        "health",
        "notifications",
        "electric",
        "serviceHistory",
        "trips",
        "climateStatus",
    ] {
        assert!(car["dataSets"][member].is_object(), "{member}");
    }
    let sets = car["dataSets"].as_object_mut().unwrap();
    sets.retain(|name, _| ["location", "status", "telemetry"].contains(&name.as_str()));
    document["cars"].as_array_mut().unwrap().truncate(1);
    let text = serde_json::to_string_pretty(&document).unwrap();
    insta::assert_snapshot!(text, @r#"
    {
      "at": "2026-03-01T12:06:17Z",
      "began": "2026-03-01T12:06:00Z",
      "cars": [
        {
          "climateStatus": "…",
          "dashboard": "…",
          "dataSets": {
            "location": {
              "ageSeconds": 1097,
              "asked": "read",
              "error": null,
              "failuresInARow": 0,
              "fetched": "2026-03-01T12:06:00Z",
              "reported": "2026-03-01T11:48:00Z",
              "state": "fresh",
              "warnings": []
            },
            "status": {
              "ageSeconds": 1097,
              "asked": null,
              "error": null,
              "failuresInARow": 0,
              "fetched": "2026-03-01T12:00:00Z",
              "reported": "2026-03-01T11:48:00Z",
              "state": "fresh",
              "warnings": []
            },
            "telemetry": {
              "ageSeconds": 1097,
              "asked": "failed",
              "error": "telemetry: car …0202: the service failed, status 503 (ONE-GLOBAL-RS-1)",
              "failuresInARow": 1,
              "fetched": "2026-03-01T12:00:00Z",
              "reported": "2026-03-01T11:48:00Z",
              "state": "fresh",
              "warnings": []
            }
          },
          "location": "…",
          "locked": true,
          "name": "Blue one",
          "open": false,
          "status": "…",
          "trips": "…",
          "vin": "JTSIM00000PHV0202",
          "wakes": {
            "decision": "serveCache",
            "electric": {
              "comeBy": null,
              "last": null,
              "left": 4
            },
            "standing": "active",
            "status": {
              "comeBy": null,
              "last": null,
              "left": 4
            },
            "why": "routine"
          }
        }
      ],
      "cycle": 2,
      "error": null,
      "nextInSeconds": 343,
      "tookSeconds": 3.0,
      "totals": {
        "errors": 2,
        "fromCache": 0,
        "requests": 22,
        "retries": 0,
        "waitedSeconds": 0.0,
        "waits": 0
      }
    }
    "#);
}
