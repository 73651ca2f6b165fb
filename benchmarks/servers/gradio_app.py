"""Gradio's bare session: a page whose load event sets one text.

Run: ``python gradio_app.py PORT``.
"""

import sys

import gradio as gr  # type: ignore[import-not-found]  # of .venv-bench

with gr.Blocks(analytics_enabled=False) as page:
    text = gr.Textbox()
    page.load(lambda: "ready", None, text)

page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
