//! Payloads about the air conditioning, of both routes.

pub(super) const STATUS: &str = r#"{
    "status": "running",
    "startedAt": "2026-11-20T08:00:00Z",
    "updatedAt": "2026-11-20T08:01:00Z",
    "duration": 20,
    "currentTemperature": {"value": 4, "unit": "C", "timestamp": "2026-11-20T08:01:00Z"},
    "targetTemperature": {"value": 21.5, "unit": "C"},
    "heatingOptions": {
        "frontDefroster": "on",
        "rearDefogger": "off",
        "steeringHeater": "on",
        "mirrorHeater": "off"
    },
    "seatOptions": {
        "driverSeat": "high",
        "passengerSeat": "off",
        "rearDriverSeat": "low",
        "rearPassengerSeat": "medium"
    }
}"#;

pub(super) const OLD_STATUS: &str = r#"{
    "type": "full",
    "status": 1,
    "startedAt": "2026-11-20T08:00:00Z",
    "duration": 20,
    "currentTemperature": {"value": 4, "unit": "C", "timestamp": "2026-11-20T08:01:00Z"},
    "targetTemperature": {"value": 21, "unit": "C"},
    "options": {"frontDefogger": true, "rearDefogger": false}
}"#;

pub(super) const SETTINGS: &str = r#"{
    "duration": 20,
    "temperature": {"value": 21, "unit": "C"},
    "heatingOptions": {"frontDefroster": "off", "rearDefogger": "on"},
    "seatOptions": {"driverSeat": "high", "passengerSeat": "off"}
}"#;

pub(super) const OLD_SETTINGS: &str = r#"{
    "settingsOn": true,
    "temperature": 21,
    "temperatureUnit": "C",
    "minTemp": 17,
    "maxTemp": 28,
    "tempInterval": 0.5,
    "acOperations": [
        {
            "available": true,
            "categoryName": "defrost",
            "categoryDisplayName": "Defrost",
            "acParameters": [
                {
                    "name": "frontDefrost",
                    "displayName": "Front",
                    "enabled": true,
                    "available": true,
                    "iconUrl": "https://example.com/front.png"
                },
                {
                    "name": "rearDefrost",
                    "displayName": "Rear",
                    "enabled": false,
                    "available": true,
                    "iconUrl": "https://example.com/rear.png"
                }
            ]
        }
    ]
}"#;
