"""Flamenco: a job type, a script that Flamenco Manager runs to make the tasks of a job.

Source: https://flamenco.blender.org/usage/job-types/
"""

import json

from .farms import FarmJob

_CHUNK = "\x00"


def job_type(job: FarmJob) -> str:
    """The script. Manifest and number of chunks are settings that can be changed when a job is submitted."""
    program, *arguments = job.batch(_CHUNK)
    values = {str(job.manifest): "job.settings.manifest", f"{_CHUNK}/{job.chunks}": _CHUNK_OF}
    given = ", ".join(values.get(argument, _js(argument)) for argument in arguments)
    return f"""\
const JOB_TYPE = {{
    label: {_js(job.name)},
    settings: [
        {{ key: "manifest", type: "string", subtype: "file_path", required: true, default: {_js(str(job.manifest))},
          description: "Lines to be made, one path on all machines" }},
        {{ key: "chunks", type: "int32", required: true, default: {job.chunks},
          description: "Number of tasks" }},
    ],
}};

function compileJob(job) {{
    for (let chunk = 0; chunk < job.settings.chunks; chunk++) {{
        const task = author.Task(`chunk-${{chunk}}`, "misc");
        task.addCommand(author.Command("exec", {{
            exe: {_js(program)},
            args: [{given}],
        }}));
        job.addTask(task);
    }}
}}
"""


_CHUNK_OF = "`${chunk}/${job.settings.chunks}`"


def _js(text: str) -> str:
    """A string literal of JavaScript; JSON is one, but for two line separators."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
