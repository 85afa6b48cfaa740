//! Payloads about doors, windows and lights, of both routes.

pub(super) const CURRENT: &str = r#"{
    "vin": "JTSIM00000PET0001",
    "lastUpdateTimestamp": "2026-11-20T08:00:00Z",
    "overallStatus": "warning",
    "overallWarningCounts": 2,
    "leftHandDrive": true,
    "doors": {
        "driver": {
            "lockStatus": {"status": "locked", "lastUpdateTimestamp": "2026-11-20T08:00:01Z"},
            "openStatus": {"status": "closed", "lastUpdateTimestamp": "2026-11-20T08:00:02Z"}
        },
        "passenger": {
            "lockStatus": {"status": "unlocked", "lastUpdateTimestamp": "2026-11-20T08:00:03Z"},
            "openStatus": {"status": "open", "lastUpdateTimestamp": "2026-11-20T08:00:04Z"}
        },
        "rearLeft": {
            "lockStatus": {"status": "locked", "lastUpdateTimestamp": "2026-11-20T08:00:05Z"},
            "openStatus": {"status": "closed", "lastUpdateTimestamp": "2026-11-20T08:00:06Z"}
        },
        "rearRight": {
            "lockStatus": {"status": "unlocked", "lastUpdateTimestamp": "2026-11-20T08:00:07Z"},
            "openStatus": {"status": "open", "lastUpdateTimestamp": "2026-11-20T08:00:08Z"}
        },
        "rearBack": {
            "lockStatus": {"status": "locked", "lastUpdateTimestamp": "2026-11-20T08:00:09Z"},
            "openStatus": {"status": "close", "lastUpdateTimestamp": "2026-11-20T08:00:10Z"}
        },
        "hood": {
            "openStatus": {"status": "closed", "lastUpdateTimestamp": "2026-11-20T08:00:11Z"}
        }
    },
    "windows": {
        "driver": {"status": "close", "lastUpdateTimestamp": "2026-11-20T08:00:12Z"},
        "passenger": {"status": "open", "lastUpdateTimestamp": "2026-11-20T08:00:13Z"},
        "rearLeft": {"status": "closed", "lastUpdateTimestamp": "2026-11-20T08:00:14Z"},
        "rearRight": {"status": "open", "lastUpdateTimestamp": "2026-11-20T08:00:15Z"}
    },
    "lights": {
        "hazard": {"status": "on", "lastUpdateTimestamp": "2026-11-20T08:00:16Z"},
        "tail": {"status": "off", "lastUpdateTimestamp": "2026-11-20T08:00:17Z"},
        "head": {"status": "off", "lastUpdateTimestamp": "2026-11-20T08:00:18Z"}
    },
    "rearSeatReminder": {
        "warning": false,
        "reason": "notDetected",
        "lastUpdateTimestamp": "2026-11-20T08:00:19Z"
    }
}"#;

pub(super) const RIGHT_HAND: &str = r#"{
    "leftHandDrive": false,
    "doors": {
        "rearLeft": {"openStatus": {"status": "closed"}, "lockStatus": {"status": "locked"}},
        "rearRight": {"openStatus": {"status": "open"}, "lockStatus": {"status": "unlocked"}}
    },
    "windows": {"rearLeft": {"status": "close"}, "rearRight": {"status": "open"}}
}"#;

pub(super) const OLD: &str = r#"{
    "vehicleStatus": [
        {
            "category": "carstatus_category_driver",
            "displayOrder": 1,
            "sections": [
                {
                    "section": "carstatus_item_driver_door",
                    "values": [
                        {"value": "carstatus_closed", "status": 0},
                        {"value": "carstatus_locked", "status": 0}
                    ]
                },
                {
                    "section": "carstatus_item_driver_rear_door",
                    "values": [
                        {"value": "carstatus_closed", "status": 1},
                        {"value": "carstatus_unlocked", "status": 1}
                    ]
                },
                {
                    "section": "carstatus_item_driver_window",
                    "values": [{"value": "carstatus_closed", "status": 0}]
                }
            ]
        },
        {
            "category": "carstatus_category_other",
            "displayOrder": 3,
            "sections": [
                {
                    "section": "carstatus_item_hood",
                    "values": [{"value": "carstatus_closed", "status": 0}]
                },
                {
                    "section": "carstatus_item_rear_hatch",
                    "values": [
                        {"value": "carstatus_closed", "status": 0},
                        {"value": "carstatus_locked", "status": 0}
                    ]
                }
            ]
        }
    ],
    "telemetry": {
        "fugage": {"value": 41, "unit": "%"},
        "rage": {"value": 350, "unit": "Km"},
        "odo": {"value": 12345, "unit": "km"}
    },
    "occurrenceDate": "2026-11-20T08:00:00Z",
    "cautionOverallCount": 2,
    "latitude": 1.5,
    "longitude": 2.5,
    "locationAcquisitionDatetime": "2026-11-20T07:00:00Z"
}"#;
