//! Payloads about the car and its energy.

pub(super) const LOCATION: &str = r#"{
    "vin": "JTSIM00000PET0001",
    "lastTimestamp": "2026-11-20T08:00:00Z",
    "vehicleLocation": {
        "displayName": "Last Parked",
        "latitude": 1.5,
        "longitude": 2.5,
        "locationAcquisitionDatetime": "2026-11-20T07:00:00Z"
    }
}"#;

pub(super) const TELEMETRY: &str = r#"{
    "fuelType": "I",
    "odometer": {"value": 12345.6, "unit": "km"},
    "fuelLevel": 41,
    "batteryLevel": 87,
    "distanceToEmpty": {"value": 350, "unit": "Km"},
    "chargingStatus": "none",
    "timestamp": "2026-11-20T08:00:00Z"
}"#;

pub(super) const HEALTH: &str = r#"{
    "vin": "JTSIM00000PET0001",
    "quantityOfEngOilIcon": ["LOW"],
    "warning": [
        {
            "wngcode": "TIRW",
            "wngdesc": "Tire Pressure Warning System",
            "severity": 2,
            "wngdcmtime": "2026-11-20T08:00:00Z"
        },
        {"wngcode": "OILW"}
    ],
    "wnglastUpdTime": "2026-11-20T08:01:00Z"
}"#;

pub(super) const ODOMETER: &str = r#"{
    "mileage": {"value": 12345, "unit": "km"},
    "timestamp": "2026-11-20T08:00:00Z",
    "lastUpdateTimestamp": "2026-11-20T08:01:00Z",
    "isValidTimestamp": true
}"#;

pub(super) const ELECTRIC: &str = r#"{
    "batteryLevel": 93,
    "phevUsableBatteryLevel": 87,
    "chargingStatus": "charging",
    "remainingChargeTime": 90,
    "evRange": {"value": 33, "unit": "km"},
    "evRangeWithAc": {"value": 30, "unit": "km"},
    "fuelRange": {"value": 70, "unit": "mi"},
    "totalRangeWithAc": {"value": 140.5, "unit": "km"},
    "fuelLevel": 10,
    "canSetNextChargingEvent": true,
    "chargingSchedules": [
        {
            "id": 1,
            "enabled": true,
            "type": "startEnd",
            "startTime": {"hour": 22, "minute": 30},
            "endTime": {"hour": 6, "minute": 15},
            "days": {"mon": 1, "tue": 1, "wed": 1, "thu": 1, "fri": 1, "sat": 1, "sun": 1}
        },
        {
            "id": 2,
            "enabled": false,
            "type": "startOnly",
            "startTime": {"hour": 13, "minute": 5},
            "days": {"sun": 1}
        }
    ],
    "nextChargingEvent": {
        "type": "startEnd",
        "weekDay": 3,
        "startTime": {"hour": 22, "minute": 30},
        "endTime": {"hour": 6, "minute": 15}
    },
    "lastUpdateTimestamp": "2026-11-20T08:00:00Z",
    "dcmTimestamp": "2026-11-20T07:59:00Z"
}"#;

pub(super) const SERVICE_HISTORY: &str = r#"{
    "serviceHistories": [
        {
            "serviceHistoryId": "H1",
            "serviceDate": "2026-05-04",
            "serviceCategory": "VDE",
            "serviceProvider": "Workshop",
            "mileage": "43087",
            "unit": "km",
            "customerCreatedRecord": false,
            "servicingDealer": "Dealer",
            "notes": "Note",
            "operationsPerformed": ["Oil"],
            "roNumber": "R1"
        },
        {"serviceHistoryId": "H2", "serviceDate": "2025-05-04"}
    ]
}"#;

pub(super) const ACKNOWLEDGEMENT: &str = r#"{
    "appRequestNo": "4711",
    "returnCode": "000000",
    "correlationId": "c-1"
}"#;
