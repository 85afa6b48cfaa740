//! Pages as the service sends them, and as it should not.

mod canary;
mod documents;
mod sample;

use proptest::prelude::*;
use serde_json::json;

use self::sample::{ID, page};
use super::*;
use crate::hostile;
use crate::trips::DrivingMode;

#[test]
fn a_page_is_read_with_its_routes_and_behaviours() {
    let Decoded { value, warnings } = read(&page()).unwrap();

    assert_eq!(warnings, []);
    let page = value.unwrap();
    assert_eq!((page.found, page.next_offset), (2, Some(2)));
    let trip = &page.trips[0];
    assert_eq!(trip.id.as_ref().unwrap().as_str(), ID);
    let summary = trip.summary.as_ref().unwrap();
    assert_eq!(summary.distance().unwrap().value, 15.215);
    assert!((summary.average_fuel().unwrap() - 1.4854).abs() < 1e-4);
    assert_eq!(trip.scores.as_ref().unwrap().global, Some(65.0));
    assert_eq!(trip.hybrid.as_ref().unwrap().ev_time, Some(653.0));
    let points: Vec<_> = trip.route().collect();
    assert_eq!(points.len(), 2);
    assert_eq!(points[1].index_in_points, Some(-1));
    assert_eq!(points[1].mode, Some(DrivingMode::Power));
    let behaviour = trip.behaviours().next().unwrap();
    assert_eq!(behaviour.severity, Some(10_000.0));
    assert_eq!(behaviour.slope, Some(-2.0));
    assert!(!page.trips[1].has_route() && page.trips[1].route().next().is_none());
    let days: usize = page.months.iter().map(|month| month.days.len()).sum();
    assert_eq!((page.months.len(), days), (1, 2));
}

#[test]
fn one_bad_trip_spoils_no_other() {
    for bad in [json!(null), json!("trip"), json!(7), json!([[]])] {
        let mut page = page();
        page["payload"]["trips"][0] = bad.clone();

        let Decoded { value, warnings } = read(&page).unwrap();

        let page = value.unwrap();
        assert_eq!((page.found, page.trips.len()), (2, 1), "{bad}");
        assert_eq!(warnings.len(), 1, "{bad}");
        assert_eq!(warnings[0].path(), "payload.trips[0]", "{bad}");
    }
}

#[test]
fn a_bad_point_spoils_no_other() {
    let points = json!([
        {"lat": 50.1, "lon": "8.7", "isEv": "yes", "mode": 7},
        null,
        {"lat": 50.1},
        {"lat": 0, "lon": 0.0},
        {"lat": 91, "lon": 8},
        {"lat": 50.2, "lon": 8.8, "overspeed": "maybe", "new": {"deep": [1]}},
        [],
    ]);
    let mut page = page();
    page["payload"]["trips"][0]["route"] = points;
    let page = read(&page).unwrap().value.unwrap();

    let mut route = page.trips[0].route();
    let points: Vec<_> = route.by_ref().collect();

    assert_eq!(points.len(), 2);
    assert_eq!(points[0].mode, Some(DrivingMode::Other(7)));
    assert_eq!((points[0].is_ev, points[1].overspeed), (Some(true), None));
    let warnings: Vec<_> = route.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "route[1]: expected an object, found nothing",
            "route[2]: expected a position, found nothing",
            "route[3]: expected a position, found nothing",
            "route[4]: expected a position, found nothing",
            "route[5].overspeed: expected a boolean, found a text",
            "route[6]: expected an object, found a list",
        ]
    );
}

#[test]
fn a_route_that_is_no_json_ends_where_it_stops_being_any() {
    for (route, points) in [
        (r#"[{"lat": 1, "lon": 2} {"lat": 1, "lon": 2}]"#, 1),
        (r#"[{"lat": 1, "lon": 2}, ]"#, 1),
        (r#"[{"lat": 1, "lon": 2}, {"lat": 1 "lon": 2}]"#, 1),
        (r#"[{"lat": one, "lon": 2}]"#, 0),
        (r#"[{1: 2}]"#, 0),
    ] {
        let body = format!(r#"{{"payload": {{"trips": [{{"route": {route}}}, {{}}]}}}}"#);
        let page = Page::read(body.into()).unwrap().value.unwrap();

        let mut route_points = page.trips[0].route();

        assert_eq!(route_points.by_ref().count(), points, "{route}");
        assert_eq!(route_points.warnings()[0].expected(), "JSON", "{route}");
        assert!(route_points.next().is_none(), "{route}");
        assert_eq!(page.trips.len(), 2);
    }
}

#[test]
fn answers_without_a_page_are_none_or_errors() {
    for body in [
        "",
        "  ",
        "{}",
        "[]",
        "null",
        r#"{"payload": null}"#,
        r#"{"payload": []}"#,
    ] {
        let read = Page::read(body.into()).unwrap();

        assert_eq!(read.value, None, "{body}");
    }
    for body in [
        "<html>",
        "{",
        r#"{"payload": {"trips": ["#,
        "nonsense",
        r#"{"payload": {}} {}"#,
        "{]",
        r#"{"payload": {"trips": [{"id": nul}]}}"#,
    ] {
        assert_eq!(Page::read(body.into()), Err(NoAnswer::NotJson), "{body}");
    }
    let hidden = json!({"status": {"messages": [{"responseCode": "ONE-GLOBAL-RS-40000"}]}});
    assert_eq!(read(&hidden), Err(NoAnswer::Error(hidden)));
    let empty = json!({
        "status": {"messages": [{"responseCode": "ONE-DA-200"}]},
        "payload": {"trips": null, "summary": null, "_metadata": null, "route": null},
    });
    assert_eq!(read(&empty).unwrap().value, Some(Page::default()));
}

#[test]
fn a_hostile_page_takes_no_more_than_its_share() {
    let many = format!(
        r#"{{"payload": {{"trips": [{}{{}}]}}}}"#,
        "{},".repeat(100_000)
    );
    let Decoded { value, warnings } = Page::read(many.into()).unwrap();
    let page = value.unwrap();
    assert_eq!((page.trips.len(), page.found), (MAX_TRIPS, 100_001));
    assert_eq!(warnings.len(), 1);

    let long = format!(
        r#"{{"payload": {{"trips": [{{"big": [{}0], "id": "a"}}, {{"id": "b", "route": []}}]}}}}"#,
        "0,".repeat(1024 * 1024)
    );
    let Decoded { value, warnings } = Page::read(long.into()).unwrap();
    let ids = value
        .unwrap()
        .trips
        .into_iter()
        .map(|trip| trip.id.unwrap().to_string());
    assert_eq!(ids.collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(warnings[0].path(), "payload.trips[0].big");

    let deep = r#"{"payload": {"trips": [{"route": "#.to_owned() + &"[".repeat(1_000_000);
    assert_eq!(Page::read(deep.into()), Err(NoAnswer::NotJson));
}

#[test]
fn of_members_that_are_there_twice_the_last_is_taken() {
    let body = r#"{"payload": {"trips": [{"id": "a", "id": "b", "route": 1, "route": []}],
        "trips": [{"id": "c"}]}}"#;

    let page = Page::read(body.into()).unwrap().value.unwrap();

    assert_eq!((page.trips.len(), page.found), (1, 1));
    assert_eq!(page.trips[0].id.as_ref().unwrap().as_str(), "c");
    let body = r#"{"payload": {"trips": [{}], "trips": null}}"#;
    let page = Page::read(body.into()).unwrap().value.unwrap();
    assert_eq!((page.trips.len(), page.found), (0, 0));
}

#[test]
fn one_trip_is_the_payload_or_in_it() {
    let trip = page()["payload"]["trips"][0].clone();
    for payload in [
        json!({"trips": [trip], "_metadata": null}),
        json!({"trip": trip}),
        trip,
    ] {
        let body = json!({"payload": payload}).to_string();

        let Decoded { value, warnings } = read_trip(body.into()).unwrap();

        assert_eq!(warnings, []);
        let trip = value.unwrap();
        assert_eq!(
            (trip.id.as_ref().unwrap().as_str(), trip.route().count()),
            (ID, 2)
        );
    }
    for body in ["", r#"{"payload": null}"#, r#"{"payload": {"trips": []}}"#] {
        assert_eq!(read_trip(body.into()).unwrap().value, None, "{body}");
    }
}

#[test]
fn debug_shows_no_position() {
    let page = read(&page()).unwrap().value.unwrap();
    let (route, behaviours) = (page.trips[0].route(), page.trips[0].behaviours());

    let shown = format!(
        "{page:?} {:?} {:?}",
        route.collect::<Vec<_>>(),
        behaviours.collect::<Vec<_>>()
    );

    for secret in ["50.11", "8.71", "50.22", "8.82"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

#[test]
fn a_trip_is_written_with_what_it_came_with() {
    let page = read(&page()).unwrap().value.unwrap();

    let written = serde_json::to_value(&page.trips[0]).unwrap();

    assert_eq!(written["id"], ID);
    assert_eq!(written["summary"]["length"], 15215.0);
    assert_eq!(written["hdc"]["evTime"], 653.0);
    assert_eq!(written["route"][0]["latitude"], 50.11);
    assert_eq!(written["route"][1]["mode"], 2);
    assert_eq!(written["behaviours"][0]["type"], "B");
    assert!(
        serde_json::to_value(&page.trips[1])
            .unwrap()
            .get("route")
            .is_none()
    );
}

proptest! {
    #[test]
    fn every_answer_is_a_page_or_an_error(answer in hostile::json()) {
        for body in [
            answer.clone(),
            json!({"payload": answer}),
            json!({"payload": {"trips": [answer, {"id": "a"}]}}),
            json!({"payload": {"trips": [{"summary": answer, "route": answer, "behaviours": answer}]}}),
            json!({"payload": {"trips": [{"route": [answer], "behaviours": [answer]}]}}),
            json!({"payload": {"summary": [answer], "_metadata": answer}}),
        ] {
            let Ok(Decoded { value, warnings }) = Page::read(body.to_string().into()) else {
                continue;
            };
            for warning in &warnings {
                let path = warning.path();
                prop_assert!(path.starts_with("payload") || path == "answer", "{}", path);
            }
            for trip in value.iter().flat_map(|page| &page.trips) {
                prop_assert!(trip.route().count() < 1000 && trip.behaviours().count() < 1000);
            }
        }
    }

    #[test]
    fn a_page_that_breaks_off_is_no_answer(cut in 1_usize..2000) {
        let body = page().to_string();
        let cut = body.len().saturating_sub(cut);
        if cut > 0 {
            let body = body.get(..cut).unwrap().to_owned();
            prop_assert_eq!(Page::read(body.into()), Err(NoAnswer::NotJson));
        }
    }
}

fn read(page: &Value) -> Result<Decoded<Option<Page>>, NoAnswer> {
    Page::read(page.to_string().into())
}
