"""samba-tool, which can also provision a domain with the schema of Windows
Server 2016: Samba has Microsoft's files of it from earlier on than its own
command offers them.
"""

import sys

from samba.netcmd.main import cmd_sambatool
from samba.schema import Schema

if "2016" not in Schema.base_schemas:
    from samba.netcmd.domain import cmd_domain_provision

    Schema.base_schemas["2016"] = (
        "AD_DS_Attributes__Windows_Server_2016.ldf",
        "AD_DS_Classes__Windows_Server_2016.ldf",
        87,
    )
    for option in cmd_domain_provision.takes_options:
        if option.get_opt_string() == "--base-schema":
            option.choices = list(Schema.base_schemas)

sys.exit(cmd_sambatool()._run("samba-tool", *sys.argv[1:]))
