#!/usr/bin/env python3
"""Lets pytoyoda, a client by others, read all that the simulator has.

    cargo run -p toyota-sim -- --tls authority.pem > sim.env &
    python3 -m venv venv && venv/bin/pip install pytoyoda
    SSL_CERT_FILE=authority.pem venv/bin/python read_with_pytoyoda.py sim.env

It has to be TLS, for pytoyoda's cookie jar returns no secure cookie over anything else. Every
request is sent to the simulator in place of its host; none leaves the machine. Ends with 1 if a
data set could not be read.
"""

import asyncio
import base64
import os
import sys
import tempfile
from datetime import date, timedelta
from importlib.metadata import version

import httpx

LOGIN_HOST = "b2c-login.toyota-europe.com"
API_HOST = "ctpa-oneapi.tceu-ctp-prd.toyotaconnectedeurope.io"

# What pytoyoda makes of its answers, and which answer it takes.
PROPERTIES = {
    "dashboard": "telemetry",
    "location": "location",
    "electric_status": "electric_status",
    "lock_status": "status",
    "climate_settings": "climate_settings",
    "climate_status": "climate_status",
    "notifications": "notifications",
    "service_history": "service_history",
}


def variables(path):
    """Reads what the simulator prints when it starts."""
    with open(path, encoding="utf-8") as file:
        return dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)


def lead_to_simulator(sim):
    """Changes where requests go, and the keys that pytoyoda has built in."""
    hosts = {
        LOGIN_HOST: httpx.URL(sim["TOYOTA_LOGIN_URL"]),
        API_HOST: httpx.URL(sim["TOYOTA_API_URL"]),
    }
    client = f"oneapp:{sim['TOYOTA_OAUTH_CLIENT_SECRET']}"
    basic = "basic " + base64.b64encode(client.encode()).decode()
    build_request = httpx.AsyncClient.build_request

    def build_request_to_simulator(self, method, url, **options):
        # Before the cookie jar looks at the host.
        url = httpx.URL(url)
        base = hosts[url.host]
        url = url.copy_with(scheme=base.scheme, host=base.host, port=base.port)
        request = build_request(self, method, url, **options)
        for name in ("x-api-key", "api_key"):
            if name in request.headers:
                request.headers[name] = sim["TOYOTA_API_KEY"]
        if request.headers.get("authorization", "").startswith("basic "):
            request.headers["authorization"] = basic
        return request

    httpx.AsyncClient.build_request = build_request_to_simulator


class Report:
    """What was read, line by line."""

    def __init__(self):
        self.failed = False

    def line(self, car, name, outcome):
        print(f"{car:>5}  {name:<28} {outcome}", flush=True)

    async def read(self, car, name, call):
        """Awaits a call; what it raises is a failure of this data set alone."""
        try:
            result = await call
        except Exception as error:  # noqa: BLE001: of whatever kind
            self.failed = True
            self.line(car, name, f"FAILED: {type(error).__name__}: {error}")
            return None
        self.line(car, name, describe(result))
        return result

    def look(self, car, vehicle, name):
        """Asks for a property, which decodes an answer that is there."""
        try:
            self.line(car, name, describe(getattr(vehicle, name)))
        except Exception as error:  # noqa: BLE001: of whatever kind
            self.failed = True
            self.line(car, name, f"FAILED: {type(error).__name__}: {error}")


def describe(result):
    """Returns how much there is, never what."""
    payload = getattr(result, "payload", result)
    if payload is None:
        return "nothing"
    if isinstance(payload, list):
        return f"{len(payload)} in a list"
    if hasattr(payload, "model_dump"):
        fields = payload.model_dump()
        told = sum(value is not None for value in fields.values())
        return f"{told} of {len(fields)} fields"
    return type(payload).__name__


def endpoints(vehicle):
    """Returns what pytoyoda would ask a car for, in its older words and in its newer ones."""
    return [
        endpoint if isinstance(endpoint, tuple) else (endpoint.name, endpoint.function)
        for endpoint in vehicle._endpoint_collect
    ]


async def read_car(report, vehicle):
    """Reads every data set that pytoyoda asks this car for."""
    car = vehicle.vin[-4:]
    for name, function in endpoints(vehicle):
        if name != "trip_history":
            vehicle._endpoint_data[name] = await report.read(car, name, function())
    # Older ones look for the state of the climate in the envelope, where it is not.
    older = tuple(map(int, version("pytoyoda").split(".")[:2])) < (5, 2)
    broken = ["climate_status"] if older else []
    for name, answer in PROPERTIES.items():
        if answer in vehicle._endpoint_data and name not in broken:
            report.look(car, vehicle, name)
    await read_trips(report, vehicle, car)


async def read_trips(report, vehicle, car):
    """Reads the trips, their routes and their sums."""
    today = date.today()
    week_ago = today - timedelta(days=7)
    trips = vehicle.get_trips(week_ago, today, full_route=True)
    trips = await report.read(car, "trips of a week, with routes", trips)
    if trips:
        points = sum(len(trip.route or []) for trip in trips)
        metres = sum(trip.distance or 0 for trip in trips)
        report.line(car, "", f"{points} points, {metres:.1f} km")
    await report.read(car, "last trip", vehicle.get_last_trip())
    for name in ("day", "week", "month", "year"):
        summary = getattr(vehicle, f"get_current_{name}_summary")
        await report.read(car, f"summary of the {name}", summary())


async def command_car(report, vehicle):
    """Wakes a car, and has it do what cannot be undone in a real one."""
    from pytoyoda.models.endpoints.command import CommandType

    car = vehicle.vin[-4:]
    await report.read(car, "wake", vehicle.refresh_status())
    if "climate_status" in dict(endpoints(vehicle)):
        await report.read(car, "wake for climate", vehicle.refresh_climate_status())
    await report.read(car, "door-lock", vehicle.post_command(CommandType.DOOR_LOCK))
    named = vehicle._api.set_vehicle_alias(
        "Named by pytoyoda", vehicle._api.controller._uuid, vehicle.vin
    )
    await report.read(car, "nickname", named)


async def main(path):
    sim = variables(path)
    lead_to_simulator(sim)
    if "SSL_CERT_FILE" in os.environ:
        os.environ["SSL_CERT_FILE"] = os.path.abspath(os.environ["SSL_CERT_FILE"])
    # pytoyoda leaves a cache in the folder that it runs in.
    os.chdir(tempfile.mkdtemp())
    from loguru import logger
    from pytoyoda import MyT, controller

    logger.remove()
    # Its cache for the login folds all Set-Cookie lines into one, from which no jar can read them,
    # and the simulator insists on its cookies.
    controller.AsyncCacheClient = httpx.AsyncClient
    print(f"pytoyoda {version('pytoyoda')}")
    client = MyT(username=sim["TOYOTA_USERNAME"], password=sim["TOYOTA_PASSWORD"])
    await client.login()
    report = Report()
    vehicles = await report.read("", "vehicles", client.get_vehicles())
    if not vehicles:
        return 1
    for vehicle in vehicles:
        await read_car(report, vehicle)
        await command_car(report, vehicle)
    for vehicle in await client.get_vehicles():
        if vehicle.alias != "Named by pytoyoda":
            report.failed = True
            report.line(vehicle.vin[-4:], "nickname", "FAILED: not taken")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
