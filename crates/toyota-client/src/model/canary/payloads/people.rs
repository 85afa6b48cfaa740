//! Payloads for and about people.

pub(super) const NOTIFICATIONS: &str = r#"[
    {
        "notifications": [
            {
                "messageId": "0123456789abcdef01234567",
                "vin": "JTSIM00000PET0001",
                "notificationDate": "2026-11-20T08:00:00Z",
                "isRead": true,
                "readTimestamp": "2026-11-20T08:30:00Z",
                "iconUrl": "https://example.com/icon.png",
                "message": "The boot is open.",
                "status": "completed",
                "type": "alert",
                "category": "VehicleStatusAlert",
                "displayCategory": "Vehicle Alerts"
            }
        ]
    }
]"#;

pub(super) const ACCOUNT: &str = r#"{
    "customer": {
        "accountStatus": "ACTIVE",
        "additionalAttributes": {
            "isTermsAccepted": true,
            "termsActivity": [{"timeStamp": 1701107639000, "version": "3"}]
        },
        "createDate": 1701107639000,
        "createSource": "APP",
        "customerType": "PERSON",
        "emails": [
            {
                "emailAddress": "ada@example.com",
                "emailType": "PRIMARY",
                "emailVerified": true,
                "verificationDate": 1701107639000
            }
        ],
        "firstName": "Ada",
        "lastName": "Example",
        "forgerockId": "f-1",
        "guid": "g-1",
        "isCpMigrated": false,
        "lastUpdateDate": 1701107640000,
        "lastUpdateSource": "APP",
        "phoneNumbers": [
            {
                "countryCode": 44,
                "phoneNumber": 2079460000,
                "phoneType": "MOBILE",
                "phoneVerified": true,
                "verificationDate": 1701107639000
            }
        ],
        "preferredLanguage": "en-GB",
        "uiLanguage": "en",
        "signupType": "EMAIL"
    }
}"#;
