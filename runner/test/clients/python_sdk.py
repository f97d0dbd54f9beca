"""Drives a runner with the published Python SDK, for what the npm one cannot do. Usage: python_sdk.py URL KEY."""

import asyncio
import os
import sys
import traceback

import boxlite

url, key = sys.argv[1:3]
results = {"passed": 0, "failed": 0}


def connect(token=key):
    credential = boxlite.ApiKeyCredential(token)
    return boxlite.Boxlite.rest(boxlite.BoxliteRestOptions(url=url, credential=credential))


async def check(name, run):
    try:
        await asyncio.wait_for(run(), 60)
        results["passed"] += 1
        print(f"ok      {name}")
    except BaseException:
        results["failed"] += 1
        print(f"FAILED  {name}: {traceback.format_exc()}")


async def new_box(client, name=None):
    return await client.create(boxlite.BoxOptions(image="alpine:latest"), name=name)


async def text_of(stream):
    return "".join([chunk async for chunk in stream])


async def run(box, command, args):
    execution = await box.exec(command, args)
    stdout = await text_of(execution.stdout())
    return stdout, (await execution.wait()).exit_code


async def lives():
    client = connect()
    box = await new_box(client, "py")
    assert await run(box, "echo", ["hello"]) == ("hello\n", 0)
    assert (await client.get_info("py")).id == box.id
    assert any(info.id == box.id for info in await client.list_info())
    await box.stop()
    try:
        await box.exec("true", [])
        raise AssertionError("exec in a stopped box")
    except boxlite.StoppedError:
        pass
    await box.start()
    assert await run(box, "echo", ["again"]) == ("again\n", 0)
    await client.remove(box.id, force=True)
    assert await client.get_info(box.id) is None


async def attaches_again():
    client = connect()
    box = await new_box(client)
    first = await box.exec("sh", ["-c", "echo one; sleep 1; echo two; exit 5"])
    execution_id = first.id()
    stdout = await text_of(first.stdout())
    assert stdout == "one\ntwo\n", stdout
    assert (await first.wait()).exit_code == 5
    again = await (await connect().get(box.id)).attach(execution_id)
    await text_of(again.stdout())
    assert (await again.wait()).exit_code == 5
    await client.remove(box.id, force=True)


async def writes_and_kills():
    client = connect()
    box = await new_box(client)
    cat = await box.exec("cat", [])
    stdin = cat.stdin()
    await stdin.send_input("grüße\n".encode())
    await stdin.close()
    assert await text_of(cat.stdout()) == "grüße\n"
    assert (await cat.wait()).exit_code == 0
    sleep = await box.exec("sleep", ["60"])
    await sleep.kill()
    assert (await sleep.wait()).exit_code in (-9, 137)
    await client.remove(box.id, force=True)


async def refuses():
    client = connect()
    box = await new_box(client, "taken")
    for attempt, kind in [
        (lambda: box.exec("/no/such/program", []), boxlite.ExecutionError),
        (lambda: new_box(client, "taken"), boxlite.AlreadyExistsError),
        (lambda: client.remove("nobody"), boxlite.NotFoundError),
    ]:
        try:
            await attempt()
            raise AssertionError(f"no {kind.__name__}")
        except kind:
            pass
    await client.remove(box.id, force=True)


async def main():
    await check("create, exec, get, list, stop, start, remove", lives)
    await check("attach again by the id of an execution", attaches_again)
    await check("stdin, end of input, kill", writes_and_kills)
    await check("errors keep their type", refuses)
    print(f"Python SDK: {results['passed']} passed, {results['failed']} failed", flush=True)
    # Not sys.exit: threads of the client may still call into an interpreter that is being taken down, and abort.
    os._exit(1 if results["failed"] else 0)


asyncio.run(main())
