//! The operations that the simulator knows.

/// One operation of the simulated service.
///
/// Faults, fences, counters and recorded requests are kept by route. What has moved has two: the new
/// one, and the one that was there before, with `Old` in its name. More routes will come as the
/// simulator learns more of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Route {
    /// A post to the login tree.
    Authenticate,
    /// The authorize call, which hands out a one-use code.
    Authorize,
    /// The token call: the exchange of a code and the refresh.
    Token,
    /// The list of the account's cars.
    Vehicles,
    /// Where a car is parked.
    Location,
    /// A car's odometer, fuel and battery.
    Telemetry,
    /// A command to a car, which is carried out when it is read and accepted: each time anew, or
    /// once under an `Idempotency-Key`.
    ///
    /// What a [`Fault`](crate::Fault) then does to the answer leaves the effect as it is;
    /// [`Counters::commands_carried_out`](crate::Counters::commands_carried_out) tells.
    Command,
    /// The trips of a car, page by page, and their sums.
    Trips,
    /// One trip of a car, with its route.
    Trip,
    /// The warning lights of a car.
    Health,
    /// What was done to a car, and where.
    ServiceHistory,
    /// The odometer of a car, alone.
    Odometer,
    /// Who the user is.
    Account,
    /// The name that the user gives a car.
    Nickname,
    /// A car's battery, charging and ranges.
    Electric,
    /// The same, where it was before.
    OldElectric,
    /// A wake that asks a car for its battery.
    ElectricWake,
    /// A command to charge, now or at a time.
    ChargeCommand,
    /// A car's doors, windows and lights.
    Status,
    /// The same, where it was before.
    OldStatus,
    /// A wake that asks a car for its doors, windows and lights.
    StatusWake,
    /// The same, where it was before.
    OldStatusWake,
    /// What a car's climate control does.
    ClimateStatus,
    /// The same, where it was before.
    OldClimateStatus,
    /// What a car's climate control is to do.
    ClimateSettings,
    /// The same, where it was before.
    OldClimateSettings,
    /// A change of what a car's climate control is to do, which only the old routes have.
    OldClimateChange,
    /// A wake that asks a car for its climate control.
    ClimateWake,
    /// The same, where it was before.
    OldClimateWake,
    /// A command that starts or stops a car's climate control.
    ClimateControl,
    /// The same, where it was before.
    OldClimateControl,
    /// What the driver's phone was told.
    Notifications,
    /// Anything else, which the gateway refuses.
    Unknown,
}

/// Which of the routes answer that are there twice, before and after the service moved them.
///
/// With them goes what changed at about the same time: the service of before asks for no
/// `x-user-region` and gives every car a `remoteDisplay`; that of after gives it to none, and tells the
/// way of a trip only to who asks for that trip alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Families {
    /// All: the move is under way.
    #[default]
    Both,
    /// Those of before.
    OldOnly,
    /// Those of after.
    NewOnly,
}

impl Families {
    /// Returns the routes that do not answer.
    pub(crate) fn fenced(self) -> &'static [Route] {
        match self {
            Self::Both => &[],
            Self::OldOnly => &NEW,
            Self::NewOnly => &OLD,
        }
    }

    /// Returns every route that is there twice.
    pub(crate) fn moved() -> impl Iterator<Item = Route> {
        NEW.into_iter().chain(OLD)
    }
}

const NEW: [Route; 7] = [
    Route::Electric,
    Route::Status,
    Route::StatusWake,
    Route::ClimateStatus,
    Route::ClimateSettings,
    Route::ClimateWake,
    Route::ClimateControl,
];

const OLD: [Route; 8] = [
    Route::OldElectric,
    Route::OldStatus,
    Route::OldStatusWake,
    Route::OldClimateStatus,
    Route::OldClimateSettings,
    Route::OldClimateChange,
    Route::OldClimateWake,
    Route::OldClimateControl,
];
