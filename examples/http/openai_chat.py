"""Puls through OpenAI's own client, streamed. `pip install openai`; PULS_KEY is made by `puls keys create NAME --scope chat`.

Usage: PULS_KEY=puls_… python openai_chat.py [http://127.0.0.1:8000]
"""

import os
import sys

from openai import OpenAI

PULS = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
client = OpenAI(base_url=f"{PULS}/v1", api_key=os.environ["PULS_KEY"])
stream = client.chat.completions.create(
    model="puls",
    messages=[{"role": "user", "content": "concert gratuit à Lyon ?"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices and chunk.choices[0].delta.content:
        print(chunk.choices[0].delta.content, end="", flush=True)
print()
