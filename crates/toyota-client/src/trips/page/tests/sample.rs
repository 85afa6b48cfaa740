//! A page as the service sends it.

use serde_json::{Value, json};

pub(super) const ID: &str = "11111111-2222-4333-8444-555555555555";

/// Two trips, the second without lists, and a month of two days.
pub(super) fn page() -> Value {
    json!({
        "status": {"messages": [{"responseCode": "ONE-DA-200", "description": "OK"}]},
        "payload": {
            "from": "2026-11-01", "to": "2026-11-22",
            "trips": [
                {
                    "id": ID, "category": 0, "createdOn": "2026-11-21T18:00:00Z",
                    "summary": {
                        "length": 15215, "duration": 1500, "durationIdle": 60,
                        "averageSpeed": 36.52, "maxSpeed": 81.0, "fuelConsumption": 226.0,
                        "lengthOverspeed": 10, "durationOverspeed": 1, "lengthHighway": 20,
                        "durationHighway": 2, "countries": ["DE"],
                        "startLat": 50.11, "startLon": 8.71, "endLat": 50.22, "endLon": 8.82,
                        "startTs": "2026-11-21T17:00:00Z", "endTs": "2026-11-21T17:25:00.250Z",
                        "nightTrip": false,
                    },
                    "scores": {
                        "global": 65, "acceleration": 50, "braking": 60, "advice": 70,
                        "constantSpeed": 80,
                    },
                    "hdc": {
                        "evTime": 653, "evDistance": 5000, "chargeTime": 10, "chargeDist": 100,
                        "ecoTime": 20, "ecoDist": 200, "powerTime": 30, "powerDist": 300,
                    },
                    "behaviours": [{
                        "ts": "2026-11-21T17:10:00Z", "type": "B", "good": true,
                        "priority": false, "severity": 10000.0, "coachingMsg": 3,
                        "diagnosticMsg": 4, "context": {"slope": -2}, "lat": 50.11, "lon": 8.71,
                        "coachingMsgParams": [{"name": "distance", "unit": "meter", "value": 12}],
                    }],
                    "route": [
                        {
                            "lat": 50.11, "lon": 8.71, "overspeed": false, "highway": false,
                            "isEv": true, "mode": 0, "indexInPoints": 0,
                        },
                        {
                            "lat": 50.22, "lon": 8.82, "overspeed": true, "highway": true,
                            "isEv": false, "mode": 2, "indexInPoints": -1,
                        },
                    ],
                },
                {"id": "second", "summary": {"length": 100, "duration": 10}, "route": []},
            ],
            "summary": [{
                "year": 2026, "month": 11,
                "summary": {"length": 300, "duration": 30, "averageSpeed": 36.0},
                "scores": {"global": 70},
                "hdc": {"evTime": 12},
                "histograms": [
                    {
                        "year": 2026, "month": 11, "day": 21,
                        "summary": {"length": 200, "duration": 20, "fuelConsumption": 0.0},
                        "scores": {"global": 80},
                    },
                    {
                        "year": 2026, "month": 11, "day": 2,
                        "summary": {"length": 100, "duration": 10},
                        "hdc": {"evTime": 12},
                    },
                ],
            }],
            "_metadata": {
                "pagination": {
                    "limit": 2, "offset": 0, "previousOffset": null, "nextOffset": 2,
                    "currentPage": 1, "totalCount": 40, "pageCount": 20,
                },
                "sortedBy": [{"field": "summary.start.ts", "order": "DESC"}],
            },
        },
    })
}
