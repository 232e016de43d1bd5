from trialdesk.commandline.demonstration.building import *
