use http::{Method, StatusCode};
use toyota_sim::{Families, Payload, Route, Simulator};

use crate::support::{ELECTRIC, HYBRID, Owner};

const READS: [(&str, &str); 4] = [
    ("/v1/vehicle/status", "/v1/global/remote/status"),
    (
        "/v1/vehicle/electric/status",
        "/v1/global/remote/electric/status",
    ),
    (
        "/v1/vehicle/climate-status",
        "/v1/global/remote/climate-status",
    ),
    (
        "/v1/vehicle/climate-settings",
        "/v1/global/remote/climate-settings",
    ),
];
const STAYED: [&str; 3] = ["/v1/location", "/v3/telemetry", "/v2/notification/history"];

#[tokio::test]
async fn both_families_answer_at_first() {
    let owner = Owner::new().await;

    for (new, old) in READS {
        for path in [new, old] {
            let answer = owner.get(path, ELECTRIC).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(answer.json()["payload"].is_object(), "{path}");
        }
        let both = [
            owner.payload(new, ELECTRIC).await,
            owner.payload(old, ELECTRIC).await,
        ];
        assert_ne!(both[0], both[1], "{new}");
    }
}

#[tokio::test]
async fn one_family_alone_can_answer() {
    for (families, new, old) in [
        (Families::Both, 200, 200),
        (Families::NewOnly, 200, 403),
        (Families::OldOnly, 403, 200),
    ] {
        let owner = Owner::of(Simulator::builder().families(families)).await;

        for (new_path, old_path) in READS {
            let answers = [
                owner.get(new_path, ELECTRIC).await.status,
                owner.get(old_path, ELECTRIC).await.status,
            ];
            assert_eq!(answers, [new, old], "{new_path} of {families:?}");
        }
        for path in STAYED {
            assert_eq!(owner.get(path, ELECTRIC).await.status, 200, "{path}");
        }
    }
}

#[tokio::test]
async fn families_change_while_the_simulator_runs() {
    let owner = Owner::new().await;
    let [(new, old), ..] = READS;

    owner.sim.set_families(Families::OldOnly);
    owner.sim.set_families(Families::NewOnly);

    assert_eq!(owner.get(new, ELECTRIC).await.status, StatusCode::OK);
    assert_eq!(owner.get(old, ELECTRIC).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_service_can_be_half_moved() {
    let owner = Owner::new().await;
    owner.sim.fence(Route::Status);
    owner.sim.fence(Route::OldElectric);
    owner.sim.fence(Route::Location);

    let status = owner.get("/v1/vehicle/status", ELECTRIC).await;
    let old_status = owner.get("/v1/global/remote/status", ELECTRIC).await;
    let electric = owner.get("/v1/vehicle/electric/status", ELECTRIC).await;
    let location = owner.get("/v1/location", ELECTRIC).await;
    owner.sim.unfence(Route::Status);
    let opened = owner.get("/v1/vehicle/status", ELECTRIC).await;

    for fenced in [status, location] {
        assert_eq!(fenced.status, StatusCode::FORBIDDEN);
        let expected = ("APIGW-403".to_owned(), "Unauthorized".to_owned());
        assert_eq!(fenced.detail(), expected);
    }
    assert_eq!(
        [old_status.status, electric.status, opened.status],
        [StatusCode::OK; 3]
    );
}

#[tokio::test]
async fn a_route_can_be_closed_to_one_car() {
    let owner = Owner::new().await;
    let path = "/v1/vehicle/electric/status";
    owner.sim.fence_car(ELECTRIC, Route::Electric);

    let closed = owner.get(path, ELECTRIC).await;
    let old = owner
        .get("/v1/global/remote/electric/status", ELECTRIC)
        .await;
    let other = owner.get(path, HYBRID).await;
    owner.sim.unfence_car(ELECTRIC, Route::Electric);
    let opened = owner.get(path, ELECTRIC).await;

    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert_eq!(closed.detail().1, "Unauthorized");
    let answered = [old.status, other.status, opened.status];
    assert_eq!(answered, [StatusCode::OK; 3]);
}

#[tokio::test]
async fn a_route_can_fail_for_one_car_for_good() {
    let owner = Owner::new().await;
    let wake = "/v1/remote/status";
    for route in [Route::Status, Route::StatusWake] {
        owner.sim.fail_car(ELECTRIC, route);
    }

    let failed = [
        owner.get("/v1/vehicle/status", ELECTRIC).await,
        owner.get("/v1/vehicle/status", ELECTRIC).await,
        owner.post(wake, ELECTRIC, None).await,
    ];
    let other = owner.get("/v1/vehicle/status", HYBRID).await;
    owner.sim.unfence_car(ELECTRIC, Route::Status);
    let mended = owner.get("/v1/vehicle/status", ELECTRIC).await;

    for answer in failed {
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.detail().0, "ONE-GLOBAL-RS-40000");
    }
    assert_eq!([other.status, mended.status], [StatusCode::OK; 2]);
    assert_eq!(owner.sim.car_counters(ELECTRIC).wakes, 0);
}

#[tokio::test]
async fn a_fence_is_before_the_gate_and_nothing_passes_it() {
    let owner = Owner::new().await;
    owner.sim.fence(Route::Command);
    let body = serde_json::json!({"command": "door-unlock"});

    let path = "/v1/global/remote/command";
    let answer = owner.send(Method::POST, path, ELECTRIC, Some(body)).await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let counters = owner.sim.counters();
    assert_eq!(counters.commands_carried_out, 0);
    assert_eq!(counters.requests(Route::Command), 1);
}

#[tokio::test]
async fn what_is_answered_can_be_looked_at_without_asking() {
    let owner = Owner::new().await;

    for (path, payload) in [
        ("/v1/vehicle/status", Payload::Status),
        ("/v1/global/remote/status", Payload::OldStatus),
        ("/v1/vehicle/climate-status", Payload::ClimateStatus),
        (
            "/v1/global/remote/climate-status",
            Payload::OldClimateStatus,
        ),
        ("/v1/vehicle/climate-settings", Payload::ClimateSettings),
        (
            "/v1/global/remote/climate-settings",
            Payload::OldClimateSettings,
        ),
        ("/v1/location", Payload::Location),
        ("/v3/telemetry", Payload::Telemetry),
        ("/v1/odometer", Payload::Odometer),
    ] {
        let answered = owner.payload(path, ELECTRIC).await;

        let looked_at = owner.sim.payload(ELECTRIC, payload);
        assert_eq!(looked_at, Some(answered), "{payload:?}");
    }
}
