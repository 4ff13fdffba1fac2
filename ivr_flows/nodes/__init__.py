"""The kinds of nodes, one file each."""

from ivr_flows.nodes.ask import AskNode
from ivr_flows.nodes.branch import BranchNode
from ivr_flows.nodes.connect import ConnectNode
from ivr_flows.nodes.dial import DialNode
from ivr_flows.nodes.effect import EffectNode
from ivr_flows.nodes.end import EndNode
from ivr_flows.nodes.enter import EnterNode
from ivr_flows.nodes.language import LanguageNode
from ivr_flows.nodes.node import Node
from ivr_flows.nodes.record import RecordNode
from ivr_flows.nodes.say import SayNode
from ivr_flows.nodes.wait import WaitNode

KINDS: dict[str, type[Node]] = {
    cls.kind: cls
    for cls in (
        AskNode, BranchNode, ConnectNode, DialNode, EffectNode, EndNode, EnterNode, LanguageNode, RecordNode, SayNode,
        WaitNode,
    )
}  # fmt: skip

__all__ = ["KINDS", "Node"]
