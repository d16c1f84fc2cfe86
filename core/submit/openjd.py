"""Open Job Description: a job template with one task a chunk.

Source: https://github.com/OpenJobDescription/openjd-specifications, template schema 2023-09. AWS Deadline Cloud
takes the same template.
"""

import json

from ..errors import BatchError
from .farms import FarmJob


def template(job: FarmJob) -> str:
    """The template as YAML; every string is written as JSON, which YAML reads the same.

    Raises
    ------
    BatchError : a path holds “{{”, which a template has no way to write
    """
    for part in job.batch(""):
        if "{{" in part:
            raise BatchError(
                f"“{part}” holds {{{{, which a job template replaces", "Rename the folder or file"
            )
    program, *arguments = job.batch("{{Task.Param.Chunk}}")
    lines = "\n".join(f"            - {_yaml(part)}" for part in arguments)
    return f"""\
specificationVersion: jobtemplate-2023-09
name: {_yaml(job.name[:128])}
steps:
  - name: Batch
    parameterSpace:
      taskParameterDefinitions:
        - name: Chunk
          type: INT
          range: "0-{job.chunks - 1}"
    script:
      actions:
        onRun:
          command: {_yaml(program)}
          args:
{lines}
"""


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
