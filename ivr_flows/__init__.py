"""Call flows as data, and the pure engine that walks them: flow + state + input gives state + steps + events.

    flow = loader.load(document)                    # or loader.shipped(name); parsed once per content
    state = engine.begin(flow, facts, language, pace)
    turn = engine.step(flow, state, Start())        # or engine.run(..., carry_out), which answers effects on the way

inputs, steps, effects and state hold the values; docs/flows.md tells how flows are written and what is proved.
Nothing here knows a carrier, a database or a clock.
"""
