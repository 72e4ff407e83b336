"""The Python SDKs of OpenAI and Anthropic against a running gateway.

Takes from its environment GATEWAY_URL, GATEWAY_API_KEY and GATEWAY_MODELS, a comma between two names. Prints a line for each check and ends
with status 1 when one of them failed.
"""

import json
import os
import sys
import traceback

import anthropic
import openai

URL = os.environ["GATEWAY_URL"]
KEY = os.environ["GATEWAY_API_KEY"]
MODELS = os.environ["GATEWAY_MODELS"].split(",")

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}
NAMES = ["get_weather", "get_forecast"]
CALL_BOTH = "Use get_weather and get_forecast for Oslo."

openai_client = openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)
anthropic_client = anthropic.Anthropic(base_url=URL, api_key=KEY, max_retries=0)


def openai_whole(model):
    completion = openai_client.chat.completions.create(
        model=model,
        messages=[
            {"role": "system", "content": "You are brief."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {
                        "type": "image_url",
                        "image_url": {"url": f"data:image/png;base64,{PNG}"},
                    },
                ],
            },
        ],
    )
    assert completion.choices[0].message.content
    assert completion.usage.completion_tokens > 0


def openai_stream(model):
    stream = openai_client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "Why is the sky blue?"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    assert "".join(
        chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices
    )
    assert chunks[-1].usage.completion_tokens > 0


def openai_tools(model):
    tools = [
        {"type": "function", "function": {"name": name, "parameters": SCHEMA}}
        for name in NAMES
    ]
    completion = openai_client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": CALL_BOTH}], tools=tools
    )
    calls = completion.choices[0].message.tool_calls
    assert [call.function.name for call in calls] == NAMES
    assert all("city" in json.loads(call.function.arguments) for call in calls)


def openai_errors(model):
    wrong = openai.OpenAI(base_url=f"{URL}/v1", api_key="wrong", max_retries=0)
    expect(
        openai.AuthenticationError,
        lambda: wrong.chat.completions.create(
            model=model, messages=[{"role": "user", "content": "Hi"}]
        ),
    )
    expect(
        openai.NotFoundError,
        lambda: openai_client.chat.completions.create(
            model="nope", messages=[{"role": "user", "content": "Hi"}]
        ),
    )


def anthropic_whole(model):
    message = anthropic_client.messages.create(
        model=model,
        max_tokens=300,
        system="You are brief.",
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {
                        "type": "image",
                        "source": {
                            "type": "base64",
                            "media_type": "image/png",
                            "data": PNG,
                        },
                    },
                ],
            }
        ],
    )
    assert message.content[0].text
    assert message.usage.output_tokens > 0


def anthropic_stream(model):
    with anthropic_client.messages.stream(
        model=model,
        max_tokens=300,
        messages=[{"role": "user", "content": "Why is the sky blue?"}],
    ) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()
    assert text and message.content[0].text == text
    assert message.stop_reason == "end_turn"


def anthropic_tools(model):
    with anthropic_client.messages.stream(
        model=model,
        max_tokens=300,
        messages=[{"role": "user", "content": CALL_BOTH}],
        tools=[{"name": name, "input_schema": SCHEMA} for name in NAMES],
    ) as stream:
        message = stream.get_final_message()
    calls = [block for block in message.content if block.type == "tool_use"]
    assert [call.name for call in calls] == NAMES
    assert all("city" in call.input for call in calls)


def anthropic_count(model):
    count = anthropic_client.messages.count_tokens(
        model=model, messages=[{"role": "user", "content": "Hi"}]
    )
    assert count.input_tokens > 0


def anthropic_errors(model):
    wrong = anthropic.Anthropic(base_url=URL, api_key="wrong", max_retries=0)
    message = {"max_tokens": 10, "messages": [{"role": "user", "content": "Hi"}]}
    expect(
        anthropic.AuthenticationError,
        lambda: wrong.messages.create(model=model, **message),
    )
    expect(
        anthropic.NotFoundError,
        lambda: anthropic_client.messages.create(model="nope", **message),
    )


def expect(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError(f"{error.__name__} was not raised")


CHECKS = [
    openai_whole,
    openai_stream,
    openai_tools,
    openai_errors,
    anthropic_whole,
    anthropic_stream,
    anthropic_tools,
    anthropic_count,
    anthropic_errors,
]

print(f"openai {openai.__version__}, anthropic {anthropic.__version__}")
failed = 0
for model in MODELS:
    for check in CHECKS:
        try:
            check(model)
            print(f"ok {check.__name__} {model}")
        except Exception:
            failed += 1
            print(f"FAILED {check.__name__} {model}")
            traceback.print_exc()
sys.exit(1 if failed else 0)
